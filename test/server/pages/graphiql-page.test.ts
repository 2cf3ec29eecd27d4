import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { get } from '../request.ts';

const TOKEN = 'the.development.token';
const html = { Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };
let server: TestServer;
let port: string;
beforeAll(async () => {
  server = await startTestServer({ graphiql: { token: TOKEN } });
  port = new URL(server.url).port;
});
afterAll(() => server.close());

const page = (headers: Record<string, string>) =>
  get(`${server.url}/graphql`, { ...html, ...headers });

describe('the page', () => {
  test('comes for a browser, and may not be framed or kept', async () => {
    const { status, headers, text } = await page({});
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(text).toMatch(/^<!doctype html>/);
  });

  test.each(['application/json', '*/*', 'text/plain', 'text/event-stream'])(
    'does not come for %s',
    async (accept) => {
      const { status, headers, text } = await get(`${server.url}/graphql`, { Accept: accept });
      expect(status).toBe(401);
      expect(headers['content-type']).not.toContain('html');
      expect(text).not.toContain(TOKEN);
    },
  );

  test('does not come for a POST', async () => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: html });
    expect(response.status).toBe(401);
  });

  test('is where the root leads', async () => {
    const { status, headers } = await get(`${server.url}/`);
    expect([status, headers.location]).toEqual([302, '/graphql']);
  });

  test('is not there when it is turned off', async () => {
    const bare = await startTestServer({ graphiql: false });
    expect((await get(`${bare.url}/graphql`, html)).status).toBe(401);
    expect((await get(`${bare.url}/`, html)).status).toBe(404);
    await bare.close();
  });
});

describe('the development token is filled in', () => {
  test.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])('for %s', async (name) => {
    expect((await page({ Host: `${name}:${port}` })).text).toContain(TOKEN);
    expect((await page({ Host: name })).text).toContain(TOKEN);
  });

  test.each([
    ['a name that was made to lead here', { Host: 'evil.example:4000' }],
    ['a name that begins like a local one', { Host: 'localhost.evil.example' }],
    ['an address that begins like a local one', { Host: '127.0.0.1.evil.example' }],
    ['another address', { Host: '10.0.0.1' }],
    ['a proxy', { Host: 'localhost', 'X-Forwarded-For': '127.0.0.1' }],
    ['a proxy that follows RFC 7239', { Host: 'localhost', Forwarded: 'for=127.0.0.1' }],
  ])('not for %s', async (_, headers) => {
    const { status, text } = await page(headers);
    expect(status).toBe(200);
    expect(text).not.toContain(TOKEN);
  });
});
