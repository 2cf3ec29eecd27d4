import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';

const LISTED = 'https://app.example';
let open: TestServer;
let closed: TestServer;
beforeAll(async () => {
  open = await startTestServer({ allowedOrigins: [LISTED] });
  closed = await startTestServer();
});
afterAll(async () => {
  await open.close();
  await closed.close();
});

const preflight = (server: TestServer, origin: string) =>
  fetch(`${server.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    },
  });

test('a listed origin may send a token', async () => {
  const { status, headers } = await preflight(open, LISTED);
  expect(status).toBe(204);
  expect(headers.get('access-control-allow-origin')).toBe(LISTED);
  expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  expect(headers.get('access-control-allow-methods')).toContain('POST');
});

test('an unlisted origin may not', async () => {
  for (const [server, origin] of [
    [open, 'https://evil.example'],
    [closed, LISTED],
  ] as const) {
    const { headers } = await preflight(server, origin);
    expect(headers.get('access-control-allow-origin')).not.toBe(origin);
    expect(headers.get('access-control-allow-origin')).not.toBe('*');
  }
});

test.each([
  ['null', 'a sandboxed frame'],
  ['https://evil.example', 'a stranger'],
  ['http://app.example', 'a listed host on http'],
  ['https://app.example.evil.example', 'a name that begins like a listed one'],
])('%s (%s) is not allowed, with one or several listed origins', async (origin) => {
  const several = await startTestServer({ allowedOrigins: [LISTED, 'https://b.example'] });
  for (const server of [open, several, closed]) {
    for (const { headers } of [await preflight(server, origin), await ask(server, origin)]) {
      expect(headers.get('access-control-allow-origin')).toBe(null);
      expect(headers.get('access-control-allow-credentials')).toBe(null);
      expect(headers.get('vary')).toContain('Origin');
    }
  }
  await several.close();
});

test('a listed origin may read the request id, and gets no cookies', async () => {
  const { headers } = await ask(open, LISTED);
  expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  expect(headers.get('access-control-allow-credentials')).toBe(null);
  expect(headers.get('vary')).toContain('Origin');
});

async function ask(server: TestServer, origin: string) {
  return fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      Origin: origin,
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await server.token()}`,
    },
    body: '{"query":"{ __typename }"}',
  });
}

test('a listed origin can read answers and refusals', async () => {
  for (const token of [await open.token(), 'rubbish']) {
    const response = await fetch(`${open.url}/graphql`, {
      method: 'POST',
      headers: {
        Origin: LISTED,
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token}`,
      },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.headers.get('access-control-allow-origin')).toBe(LISTED);
  }
});

test.each<[number, string, RequestInit]>([
  [404, '/graphq', { method: 'POST' }],
  [405, '/health/ready', { method: 'POST' }],
  [401, '/webhooks/events', { method: 'POST', body: '{}' }],
])('a listed origin can read a %i', async (status, path, init) => {
  for (const [server, origin, isAllowed] of [
    [open, LISTED, true],
    [open, 'https://evil.example', false],
    [closed, LISTED, false],
  ] as const) {
    const response = await fetch(server.url + path, { ...init, headers: { Origin: origin } });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe(isAllowed ? origin : null);
    expect(response.headers.get('vary')).toContain('Origin');
  }
});
