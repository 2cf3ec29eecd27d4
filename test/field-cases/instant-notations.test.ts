import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ONE = 'query ($id: ID!) { event(id: $id) { occurredOn } }';
const post = (occurred_on: string, user_id: string) =>
  server.postRaw(JSON.stringify({ type: 'noticed', occurred_on, payload: { user_id } }));

describe('an instant is taken in the notation of common libraries', () => {
  test.each([
    ['Java, zero seconds', '2026-11-29T20:15Z', '2026-11-29T20:15:00.000Z'],
    ['Java, zero seconds, offset', '2026-11-29T21:15+01:00', '2026-11-29T20:15:00.000Z'],
    ['Java, ZonedDateTime', '2026-11-29T21:15+01:00[Europe/Madrid]', '2026-11-29T20:15:00.000Z'],
    ['Java, UTC', '2026-11-29T20:15:30Z[UTC]', '2026-11-29T20:15:30.000Z'],
    [
      'Temporal',
      '2026-11-29T21:15:30.5+01:00[Europe/Madrid][u-ca=iso8601]',
      '2026-11-29T20:15:30.500Z',
    ],
    ['a critical tag', '2026-11-29T20:15:30Z[!Etc/GMT+1]', '2026-11-29T20:15:30.000Z'],
    ['SQL', '2026-11-29 20:15:30+00', '2026-11-29T20:15:30.000Z'],
    ['Python', '2026-11-29 20:15:30.123456+00:00', '2026-11-29T20:15:30.123Z'],
    ['Ruby', '2026-11-29 21:15:30 +0100', '2026-11-29T20:15:30.000Z'],
    ['Ruby, UTC', '2026-11-29 20:15:30 UTC', '2026-11-29T20:15:30.000Z'],
    ['a decimal comma', '2026-11-29T20:15:30,261Z', '2026-11-29T20:15:30.261Z'],
    ['the minus of ISO 8601', '2026-11-29T19:15:30−01:00', '2026-11-29T20:15:30.000Z'],
  ])('%s: %s', async (name, text, shown) => {
    const answer = await post(text, name);
    expect(answer.status).toBe(200);
    const { body } = await server.query(ONE, { id: answer.body.id });
    expect(body.data.event.occurredOn).toBe(shown);
  });

  test('one instant in any of them is one event', async () => {
    const first = await post('2026-11-29T20:15:00+00:00', 'one');
    for (const text of ['2026-11-29 20:15Z', '2026-11-29T21:15:00,0+01:00[Europe/Madrid]']) {
      expect((await post(text, 'one')).body).toMatchObject({
        status: 'duplicate',
        id: first.body.id,
      });
    }
  });
});

describe('no instant is guessed', () => {
  test.each([
    ['no offset', '2026-11-29T20:15:30'],
    ['no offset, with a space', '2026-11-29 20:15'],
    ['a zone without an offset', '2026-11-29T20:15:30[Europe/Madrid]'],
    ['an abbreviated zone', '2026-11-29 20:15:30 CET'],
    ['30 February', '2026-02-30 20:15Z'],
    ['hour 24', '2026-11-29T24:00Z'],
    ['a fraction of a minute', '2026-11-29T20:15,5Z'],
    ['hours alone', '2026-11-29T20Z'],
    ['two spaces', '2026-11-29  20:15:30Z'],
    ['an open tag', '2026-11-29T20:15:30Z[Europe/Madrid'],
  ])('%s: %s', async (_, text) => {
    expect(await post(text, 'none')).toMatchObject({
      status: 422,
      body: { type: 'urn:eventline:problem:invalid-envelope', quarantined: true },
    });
  });
});
