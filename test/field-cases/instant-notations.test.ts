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
    ['Go, String()', '2026-11-29 21:15:30.261 +0100 CET', '2026-11-29T20:15:30.261Z'],
    [
      'Go, with its monotonic clock',
      '2026-11-29 20:15:30.123456789 +0000 UTC m=+0.000012345',
      '2026-11-29T20:15:30.123Z',
    ],
    ['Go, a zone without a name', '2026-11-29 17:15:30 -0300 -03', '2026-11-29T20:15:30.000Z'],
    ['Go, that zone with minutes', '2026-11-30 01:45:30 +0530 +0530', '2026-11-29T20:15:30.000Z'],
    ['PHP, expanded', '+2026-11-29T20:15:30+00:00', '2026-11-29T20:15:30.000Z'],
    ['ECMAScript, expanded', '+002026-11-29T20:15:30Z', '2026-11-29T20:15:30.000Z'],
    ['basic format', '20261129T211530.5+0100', '2026-11-29T20:15:30.500Z'],
    ['hours alone', '2026-11-29T20Z', '2026-11-29T20:00:00.000Z'],
    ['Python, an offset with seconds', '2026-11-29T20:34:02+00:18:32', '2026-11-29T20:15:30.000Z'],
    ['the end of a day', '2026-11-29T24:00:00+01:00', '2026-11-29T23:00:00.000Z'],
    ['a leap second', '2017-01-01T00:59:60+01:00', '2016-12-31T23:59:59.000Z'],
    ['a line break behind it', '2026-11-29T20:15:30Z\n', '2026-11-29T20:15:30.000Z'],
    ['a no-break space before it', '\u00a02026-11-29T20:15:30Z', '2026-11-29T20:15:30.000Z'],
  ])('%s: %s', async (name, text, shown) => {
    const answer = await post(text, name);
    expect(answer.status).toBe(200);
    const { body } = await server.query(ONE, { id: answer.body.id });
    expect(body.data.event.occurredOn).toBe(shown);
  });

  test('one instant in any of them is one event', async () => {
    const first = await post('2026-11-29T20:15:00+00:00', 'one');
    for (const text of [
      '2026-11-29 20:15Z',
      '2026-11-29T21:15:00,0+01:00[Europe/Madrid]',
      '2026-11-29 21:15:00 +0100 CET m=+1.5',
      ' 20261129T2015Z ',
    ]) {
      expect((await post(text, 'one')).body).toMatchObject({
        status: 'duplicate',
        id: first.body.id,
      });
    }
  });
});

test('a leap second is another instant than the seconds beside it', async () => {
  const second = ['2016-12-31T23:59:59Z', '2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'];
  for (const text of second) expect((await post(text, 'leap')).body.status).toBe('stored');
  expect((await post('2016-12-31T24:00:00Z', 'leap')).body.status).toBe('duplicate');
});

describe('no instant is guessed', () => {
  test.each([
    ['no offset', '2026-11-29T20:15:30'],
    ['no offset, with a space', '2026-11-29 20:15'],
    ['a zone without an offset', '2026-11-29T20:15:30[Europe/Madrid]'],
    ['an abbreviated zone', '2026-11-29 20:15:30 CET'],
    ['30 February', '2026-02-30 20:15Z'],
    ['hour 24 and a minute', '2026-11-29T24:01Z'],
    ['hour 24 and a fraction', '2026-11-29T24:00:00.1Z'],
    ['a leap second at noon', '2016-12-31T12:00:60Z'],
    ['a leap second of local time', '2016-12-31T23:59:60+01:00'],
    ['a fraction of a minute', '2026-11-29T20:15,5Z'],
    ['a zone that contradicts its offset', '2026-11-29 20:15:30 +0100 UTC'],
    ['two offsets', '2026-11-29 20:15:30 +0100 +02'],
    ['an offset behind Z', '2026-11-29 20:15:30Z +0100'],
    ['an ordinal date', '2026-333T20:15:30Z'],
    ['a week date', '2026-W48-7T20:15:30Z'],
    ['two spaces', '2026-11-29  20:15:30Z'],
    ['an open tag', '2026-11-29T20:15:30Z[Europe/Madrid'],
  ])('%s: %s', async (_, text) => {
    expect(await post(text, 'none')).toMatchObject({
      status: 422,
      body: { type: 'urn:eventline:problem:invalid-envelope', quarantined: true },
    });
  });
});
