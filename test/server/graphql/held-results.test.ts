import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';

const MIB = 1024 * 1024;
/** A text of the sender; three results of one operation that hold it have more than 1 MiB. */
const SPECIALITY = 's'.repeat(400_000);
/** The longest text of a list's documents; of 300 of them three pages have more than 1 MiB. */
const LISTED = 'l'.repeat(512);
const MESSAGES = 300;
const AT_ONCE = 20;
const COUNT = '{ eventCounts { rows { count } } }';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ webhookMaxBytes: MIB, limits: { maxAnswerBytes: MIB } });
  const { status } = await server.post('message_sent', {
    user_id: 'other',
    speciality: SPECIALITY,
  });
  expect(status).toBe(200);
  for (let start = 0; start < MESSAGES; start += AT_ONCE) {
    const posts = Array.from({ length: AT_ONCE }, () =>
      server.post('message_sent', { user_id: 'one', message_id: randomUUID(), speciality: LISTED }),
    );
    for (const { status } of await Promise.all(posts)) expect(status).toBe(200);
  }
  const count = async () => (await server.query(COUNT)).body.data.eventCounts.rows[0].count;
  await waitUntil(async () => (await count()) === MESSAGES + 1);
});
afterAll(() => server.close());

const PAGE = 'edges { cursor }';

test.each<[string, (prefix: string) => string, string[]]>([
  [
    'lists',
    (fields) => `{ ${fields} }`,
    [301, 302, 303, 304].map(
      (first) => `messages(last: ${first}, filter: { userIds: ["one"] }) { ${PAGE} }`,
    ),
  ],
  [
    'nested lists',
    (fields) =>
      `{ users(first: 1, filter: { userIds: ["one"] }) { edges { node { ${fields} } } } }`,
    [301, 302, 303, 304].map((first) => `messages(last: ${first}) { ${PAGE} }`),
  ],
  [
    'statistics',
    (fields) => `{ ${fields} }`,
    ['', ', TYPE', ', STATUS'].map((by) => `eventCounts(by: [SPECIALITY${by}]) { rows { count } }`),
  ],
  [
    'read delays',
    (fields) => `{ ${fields} }`,
    ['', ', PROFESSIONAL', ''].map((by) => `readDelays(by: [SPECIALITY${by}]) { sent }`),
  ],
])('the memory of %s counts, whatever the answer shows of them', async (_, toQuery, fields) => {
  expect((await server.query(toQuery(fields[0] ?? ''))).body.errors).toBeUndefined();
  const aliased = fields.map((field, index) => `a${index}: ${field}`);
  const { body } = await server.query(toQuery(aliased.join(' ')));
  expect(body.errors?.[0]).toMatchObject({ extensions: { code: 'RESPONSE_TOO_LARGE' } });
});
