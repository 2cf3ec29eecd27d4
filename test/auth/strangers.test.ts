import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogIds } from '../utils/log-ids.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { type ClientError, errorsOver } from './operate.ts';
import { strangers } from './some-viewers.ts';

let server: TestServer;
let start: string;
let id: string;
/** The id of an event of the same type that is not in the log. */
let absentId: string;
beforeAll(async () => {
  server = await startTestServer();
  start = (await server.query('{ head }')).body.data.head;
  const ids = await readLogIds(server.mongodbUri);
  absentId = ids.globalId({ type: 'app_opened', digest: Buffer.alloc(32, 7) });
  id = (await server.post('app_opened', { user_id: 'own' })).body.id;
});
afterAll(() => server.close());

describe.each(Object.entries(strangers))('refused on every path: %s', (_, { token, code }) => {
  test.each([
    ['head', () => '{ head }'],
    ['events', () => '{ events { edges { cursor } pageInfo { hasNextPage } } }'],
    ['event', () => `{ event(id: "${id}") { id } }`],
    ['an event that does not exist', () => `{ event(id: "${absentId}") { id } }`],
    ['node', () => `{ node(id: "${id}") { id } }`],
    ['a node that does not exist', () => `{ node(id: "${absentId}") { id } }`],
  ])('%s', async (_, query) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await token()}` },
      body: JSON.stringify({ query: query() }),
    });
    const { data, errors } = (await response.json()) as { data?: object; errors: ClientError[] };
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(Object.values(data ?? {}).every((value) => value === null)).toBe(true);
  });

  test.each([
    ['events', 'id'],
    ['eventFeed', 'cursor'],
  ])('a subscription over SSE to %s is refused', async (field, selected) => {
    const { url } = server;
    const query = `subscription { ${field}(after: "${start}") { ${selected} } }`;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        Accept: 'text/event-stream',
        'Content-Type': 'application/json',
        Authorization: `Bearer ${await token()}`,
      },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    expect(text).toContain(`"code":"${code}"`);
    expect(text).not.toContain(`"${selected}"`);
  });

  test.each([
    ['events', 'id'],
    ['eventFeed', 'cursor'],
  ])('a subscription over WebSocket to %s is refused', async (field, selected) => {
    const query = `subscription { ${field}(after: "${start}") { ${selected} } }`;
    const answer = await errorsOver.WebSocket(server, { query, token: await token() });
    if (code === 'FORBIDDEN') expect(answer).toMatchObject([{ extensions: { code } }]);
    else expect(answer).toMatchObject({ code: 4403 });
  });
});
