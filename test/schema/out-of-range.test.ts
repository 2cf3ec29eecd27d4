import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post('message_sent');
});
afterAll(() => server.close());

describe('an instant or a duration out of range is BAD_USER_INPUT', () => {
  test.each([
    '{ messages(filter: { olderThan: "P999999W" }) { edges { cursor } } }',
    '{ messages(filter: { sentOn: { from: "0000-01-01T00:00:00Z" } }) { edges { cursor } } }',
    '{ events(filter: { occurredOn: { from: "0001-01-01T00:00:00+14:00" } }) { edges { cursor } } }',
    '{ events(filter: { receivedAt: { until: "9999-12-31T23:59:59-14:00" } }) { edges { cursor } } }',
    '{ firstLogins(createdOn: { until: "0000-12-31T00:00:00Z" }) { installations } }',
    '{ users(filter: { lastSeen: { from: "0000-12-31T00:00:00Z" } }) { edges { cursor } } }',
  ])('%s', async (query) => {
    const { body } = await server.query(query);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('as a variable', async () => {
    const query =
      'query ($from: DateTime) { events(filter: { occurredOn: { from: $from } }) { reached } }';
    const { body } = await server.query(query, { from: '0000-06-01T00:00:00Z' });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(
      (await server.query(query, { from: '9999-12-31T23:59:59Z' })).body.errors,
    ).toBeUndefined();
  });

  test('a quarantine cursor out of range is CURSOR_INVALID', async () => {
    const after = Buffer.from(`8640000000000000 ${'a'.repeat(96)}`).toString('base64url');
    const admin = await server.token({ scope: 'events:read events:admin' });
    const { body } = await server.query(
      `{ quarantine(after: "${after}") { edges { cursor } } }`,
      {},
      admin,
    );
    expect(body.errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
  });
});

test.each(['variables', 'extensions'])(
  '%s that are not JSON on a GET are refused, and not logged',
  async (name) => {
    const response = await fetch(
      `${server.url}/graphql?query=${encodeURIComponent('{ head }')}&${name}=${encodeURIComponent('{"a":"secret-666')}`,
      {
        headers: {
          Authorization: `Bearer ${await server.token()}`,
          'GraphQL-Require-Preflight': '1',
        },
      },
    );
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(JSON.parse(text).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(text + server.logLines.join('')).not.toContain('secret-666');
  },
);
