import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { sendRaw } from '../../webhook/send-raw.ts';
import { get } from '../request.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('paths', () => {
  test.each([
    '/nothing',
    '/webhooks',
    '/graphql/x',
    '/Health/Live',
    '/constructor',
    '/__proto__',
    '/graphql;x',
    '/webhooks%2Fevents',
  ])('404 for %s', async (path) => {
    const answer = await get(`${server.url}${path}`);
    const requestId = expect.stringMatching(UUID);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      404,
      { error: 'not found', code: 'BAD_USER_INPUT', requestId },
    ]);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  test.each([
    '/health/live/',
    '//health//live',
    '/./health/x/../live',
    '/health/%6Cive',
    'http://elsewhere.example/health/live',
    'HTTPS://elsewhere.example:8443/health/live/?x=1',
  ])('%s is another notation of a path', async (target) => {
    const head = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    expect(await sendRaw(server.url, head)).toMatch(/^HTTP\/1.1 200 /);
  });

  test('a query string does not affect the route', async () => {
    expect((await get(`${server.url}/health/live?x=/graphql`)).status).toBe(200);
  });
});

describe('health', () => {
  test('live and ready answer 200', async () => {
    const live = await get(`${server.url}/health/live`);
    const ready = await get(`${server.url}/health/ready`);
    expect([live.status, JSON.parse(live.text)]).toEqual([200, { status: 'live' }]);
    expect([ready.status, JSON.parse(ready.text)]).toEqual([200, { status: 'ready' }]);
    expect(ready.headers['cache-control']).toBe('no-store');
  });

  test.each(['/health/live', '/health/ready'])('%s only accepts GET and HEAD', async (path) => {
    const ask = (method: string) => fetch(`${server.url}${path}`, { method });
    const head = await ask('HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await ask(method);
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });

  test('live but not ready while the embedded database is known to be unavailable', async () => {
    let fault: string | undefined = 'the database has died';
    const ailing = await startTestServer({ databaseFault: () => fault });
    expect((await get(`${ailing.url}/health/live`)).status).toBe(200);
    const ready = await get(`${ailing.url}/health/ready`);
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      503,
      { status: 'not ready', reason: 'the database has died' },
    ]);
    fault = undefined;
    expect((await get(`${ailing.url}/health/ready`)).status).toBe(200);
    await ailing.close();
  });
});

describe('the request id', () => {
  test.each(['abc', 'A-b_9', 'x'.repeat(64)])('is echoed if it is plain: %s', async (id) => {
    const { headers } = await get(`${server.url}/health/live`, { 'X-Request-Id': id });
    expect(headers['x-request-id']).toBe(id);
  });

  test.each(['', 'a b', 'x'.repeat(65), '{"a":1}', 'a,b'])('is replaced for %j', async (id) => {
    const { headers } = await get(`${server.url}/health/live`, { 'X-Request-Id': id });
    expect(headers['x-request-id']).toMatch(UUID);
  });

  test('is in the answer to a delivery, and in its log line', async () => {
    const answer = await server.postRaw('{', { 'X-Request-Id': 'from-the-sender' });
    expect(answer.headers.get('x-request-id')).toBe('from-the-sender');
    expect(answer.body.requestId).toBe('from-the-sender');
    const lines = server.logLines.filter((line) => line.includes('from-the-sender'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'delivery', requestId: 'from-the-sender', status: 400, answer: 'invalid-json' },
    ]);
  });
});

test('a token never appears in a log line', async () => {
  const token = await server.token();
  await server.query('{ events { edges { cursor } } }', {}, token);
  await server.query('{ nothing }', {}, `${token}x`);
  expect(server.logLines.join('')).not.toContain(token.split('.')[2]);
});
