import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../../src/auth/sign-token.ts';
import { openWebSocket } from '../../auth/open-web-socket.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../../utils/server.ts';
import { sendRaw } from '../../webhook/send-raw.ts';
import { get } from '../request.ts';

const ID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Requests that are refused outside GraphQL: their bytes, and the expected answer. */
test.each([
  ['headers that are too large', `GET / HTTP/1.1\r\nX-A: ${'a'.repeat(100_000)}\r\n`, 431],
  ['no HTTP', 'rubbish\r\n', 400],
  ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n', 400],
  ['an upgrade elsewhere', `GET /nowhere HTTP/1.1\r\nHost: x\r\n${UPGRADE}`, 404],
  [
    'a page of another origin',
    `GET /graphql HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n${UPGRADE}`,
    403,
  ],
  ['a path that is not there', 'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n', 404],
] as const)('%s is refused with a code and a request id', async (_, head, status) => {
  const answer = await sendRaw(server.url, `${head}\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  const { error, code, requestId } = JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? '');
  expect(error).toMatch(/^\w/);
  expect(code).toBe(status === 403 ? 'FORBIDDEN' : 'BAD_USER_INPUT');
  expect(requestId).toMatch(new RegExp(`^${ID}$`));
  expect(answer).toMatch(new RegExp(`\r\nx-request-id: ${requestId}\r\n`, 'i'));
});

test("the request id is the caller's, if it sent one", async () => {
  const given = { 'X-Request-Id': 'from-a-proxy' };
  expect(JSON.parse((await get(`${server.url}/nowhere`, given)).text)).toMatchObject({
    requestId: 'from-a-proxy',
  });
  const upgrade = `GET /nowhere HTTP/1.1\r\nHost: x\r\nX-Request-Id: from-a-proxy\r\n${UPGRADE}\r\n`;
  expect(await sendRaw(server.url, upgrade)).toContain('"requestId":"from-a-proxy"');
});

test('a WebSocket is closed with a code, and the request id if it fits', async () => {
  const expired = await signToken(JWT_SECRET, {}, '10 seconds ago');
  const short = await openWebSocket(server.url, { Authorization: `Bearer ${expired}` });
  expect(short).toEqual({
    code: 4403,
    reason: expect.stringMatching(new RegExp(`^UNAUTHENTICATED: The .{10,60}\\. \\(${ID}\\)$`)),
  });
  const long = await openWebSocket(server.url, { Authorization: 'Bearer x.y.z' });
  expect(long).toEqual({ code: 4403, reason: expect.stringMatching(/^UNAUTHENTICATED: .{60,}/) });
});
