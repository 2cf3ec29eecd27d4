import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { badDeliveries } from '../fixtures/bad-deliveries.ts';
import { bytesOf, type StoredData } from '../utils/open-stored-data.ts';
import type { TestServer } from '../utils/server.ts';
import { useServer } from '../utils/use-server.ts';

let server: TestServer;
let storedData: StoredData;
useServer((started) => {
  ({ server, storedData } = started);
});

describe('a signed delivery that is not acceptable is refused and kept complete', () => {
  test.each(Object.entries(badDeliveries))('%s', async (_, { body, status, problem, detail }) => {
    const before = { events: await storedData.events(), quarantine: await storedData.quarantine() };

    const answer = await server.postRaw(body);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: `urn:eventline:problem:${problem}`,
      title: expect.any(String),
      status,
      detail,
      requestId: answer.headers.get('x-request-id'),
      quarantined: true,
    });
    expect(await storedData.events()).toEqual(before.events);
    const raw = Buffer.from(body);
    const kept = (await storedData.quarantine()).filter(({ raw }) =>
      before.quarantine.every((earlier) => !bytesOf(earlier.raw).equals(bytesOf(raw))),
    );
    expect(kept).toEqual([
      {
        _id: expect.anything(),
        raw: expect.anything(),
        problem,
        detail,
        firstAt: expect.any(Date),
        lastAt: expect.any(Date),
        count: 1,
      },
    ]);
    expect(kept.map(({ raw }) => bytesOf(raw))).toEqual([raw]);
    expect(kept.map(({ _id }) => bytesOf(_id))).toEqual([
      createHash('sha256').update(raw).digest(),
    ]);
  });
});

test('a redelivery of the same bytes is counted, also concurrently', async () => {
  const body = '["the same again"]';
  const first = await server.postRaw(body);
  const others = await Promise.all(Array.from({ length: 10 }, () => server.postRaw(body)));

  expect([first, ...others].map(({ status }) => status)).toEqual(Array(11).fill(422));
  const kept = (await storedData.quarantine()).filter(({ raw }) =>
    bytesOf(raw).equals(Buffer.from(body)),
  );
  expect(kept).toMatchObject([{ count: 11 }]);
  expect(kept[0]?.lastAt.getTime()).toBeGreaterThanOrEqual(kept[0]?.firstAt.getTime() ?? Infinity);
});

test('concurrent deliveries of a new body are kept once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => server.postRaw('["new to all"]')),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(422));
  const kept = (await storedData.quarantine()).filter(({ raw }) =>
    bytesOf(raw).equals(Buffer.from('["new to all"]')),
  );
  expect(kept).toMatchObject([{ count: 10 }]);
});

test('no answer and no log line quotes the body', async () => {
  const body = JSON.stringify({
    type: 'user_first_logged_in',
    occurred_on: 'tomorrow-secret',
    payload: { email: 'secret@example.com', status: 'secret' },
  });
  const { body: refusal } = await server.postRaw(body);
  const { body: second } = await server.postRaw(body.replace('{"email"', '"secret","_":{"email"'));
  expect(second.detail).toContain('payload: ');
  expect(JSON.stringify([refusal, second])).not.toContain('secret');
  expect(server.logLines.join('')).not.toContain('secret');
});
