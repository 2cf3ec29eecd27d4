import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWebSocket } from '../auth/open-web-socket.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import {
  BOOM,
  boom,
  deliver,
  type Entry,
  expectLogged,
  get,
  ID,
  post,
  UNTOLD,
} from './graphql/told.ts';

describe('token verification throws', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ authenticate: async () => boom() });
  });
  afterAll(() => server.close());

  test.each<[string, Entry]>([
    ['HTTP', post({}, { query: '{ head }' })],
    ['SSE', post({ Accept: 'text/event-stream' }, { query: 'subscription { events { id } }' })],
    [
      'WebSocket',
      async ({ url }, token) => {
        const closed = await openWebSocket(url, { Authorization: `Bearer ${token}` });
        if ('acknowledged' in closed) throw new Error('it was let in');
        return { close: closed.code, text: closed.reason };
      },
    ],
  ])('over %s', async (transport, entry) => {
    const token = await server.token();
    const told = await entry(server, token);
    expect(transport === 'WebSocket' ? told.close : told.status).toBe(
      transport === 'WebSocket' ? 1011 : 500,
    );
    expect(told.text).toContain('INTERNAL_SERVER_ERROR');
    expect(told.text).toMatch(ID);
    expect(told.text).not.toMatch(UNTOLD);
    expectLogged(server, told, token, new RegExp(BOOM));
  });
});

describe('other code throws', () => {
  test('in the signature check', async () => {
    const server = await startTestServer({ webhookSecrets: [{ [BOOM]: 1 }] as never });
    const told = await deliver(server, 'x.y.z');
    expect(told.status).toBe(500);
    expect(told.text).toMatch(ID);
    expect(told.text).not.toMatch(UNTOLD);
    const [requestId = 'none'] = ID.exec(told.text) ?? [];
    const lines = server.logLines.filter((line) => line.includes(requestId));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { answer: 'internal-error', err: { code: 'ERR_INVALID_ARG_TYPE' } },
    ]);
    await server.close();
  });

  test('in the readiness check', async () => {
    const server = await startTestServer({ databaseFault: boom });
    const told = await get('/health/ready')(server, '');
    expect(told.status).toBe(500);
    expect(told.text).toMatch(ID);
    expect(told.text).not.toMatch(UNTOLD);
    expectLogged(server, told, 'x.y.z', new RegExp(BOOM));
    await server.close();
  });
});

describe('missing things reveal nothing', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test.each([
    '/nothing',
    '/graphql/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/graphql%00',
    '/src/main.ts',
  ])('%s', async (path) => {
    const told = await get(path)(server, '');
    expect(told.status).toBe(404);
    expect(told.text).toMatch(
      new RegExp(`^{"error":"not found","code":"BAD_USER_INPUT","requestId":"${ID.source}"}$`),
    );
  });
});
