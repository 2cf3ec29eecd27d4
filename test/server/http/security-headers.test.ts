import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { sendRaw } from '../../webhook/send-raw.ts';
import { get } from '../request.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ graphiql: {}, allowedOrigins: ['https://app.example'] });
});
afterAll(() => server.close());

const html = { Accept: 'text/html' };
const NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function expectSafe(headers: NodeJS.Dict<string | string[]>) {
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers).not.toHaveProperty('server');
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(headers).not.toHaveProperty('access-control-allow-credentials');
}

test.each([
  ['a page', '/graphql', html, 200],
  ['the root', '/', html, 302],
  ['a refused query', '/graphql', { Accept: 'application/json' }, 401],
  ['health', '/health/live', {}, 200],
  ['nothing', '/nothing', {}, 404],
  ['the webhook', '/webhooks/events', {}, 405],
  ['a Host that is none', '/graphql', { Host: '[::' }, 400],
] as const)('are on every answer: %s', async (_, path, headers, status) => {
  const answer = await get(server.url + path, headers);
  expect(answer.status).toBe(status);
  expectSafe(answer.headers);
  expect(answer.headers['cache-control']).toBe('no-store');
  if (answer.headers['content-type']?.startsWith('text/html')) return;
  expect(answer.headers['content-security-policy']).toBe(NO_PAGE);
});

test.each(['application/json', 'application/graphql-response+json', 'text/event-stream'])(
  'are on a GraphQL answer as %s',
  async (accept) => {
    const isStream = accept === 'text/event-stream';
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        Accept: accept,
        'Content-Type': 'application/json',
        Authorization: `Bearer ${await server.token()}`,
        Origin: 'https://app.example',
      },
      body: JSON.stringify({ query: '{ head }' }),
    });
    const headers = Object.fromEntries(response.headers);
    expectSafe(headers);
    expect(headers['cache-control']).toBe(isStream ? 'no-cache, no-transform' : 'no-store');
    expect(headers.vary).toContain('Origin');
    expect(headers['x-request-id']).toMatch(/^[\w-]{36}$/);
    await response.text();
  },
);

test.each([
  ['what is no HTTP', 'rubbish\r\n\r\n'],
  [
    'a refused upgrade',
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ],
])('are on answers without a handler: %s', async (_, text) => {
  const answer = await sendRaw(server.url, text);
  expect(answer).toContain('\r\nX-Content-Type-Options: nosniff\r\n');
  expect(answer).toContain(`\r\nContent-Security-Policy: ${NO_PAGE}\r\n`);
  expect(answer).not.toMatch(/\r\nServer:/i);
});

test("the page's policy lists its scripts and allows no other", async () => {
  const { headers, text } = await get(`${server.url}/graphql`, html);
  const policy = String(headers['content-security-policy']);
  const scripts = [...text.matchAll(/<script>(.*?)<\/script>/gs)].map(([, code = '']) => code);
  expect(scripts.length).toBeGreaterThan(0);
  const sources = scripts.map((code) => `'sha256-${hash('sha256', code, 'base64')}'`);
  expect(policy).toContain(`script-src ${sources.join(' ')};`);
  expect(policy).not.toMatch(/script-src[^;]*(unsafe|https?:|\*|'self')/);
  expect(policy).toContain("connect-src 'self'");
  expect(text).not.toContain('<meta http-equiv');
});
