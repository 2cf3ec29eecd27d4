import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { get } from '../request.ts';

const TOKEN = 'the.development.token';
const html = { Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };
let server: TestServer;
let port: string;
beforeAll(async () => {
  server = await startTestServer({ graphiql: { token: async () => TOKEN } });
  port = new URL(server.url).port;
});
afterAll(() => server.close());

const page = (headers: Record<string, string>) =>
  get(`${server.url}/graphql`, { ...html, ...headers });

describe('the GraphiQL page', () => {
  test('is sent to browsers, with headers against framing and caching', async () => {
    const { status, headers, text } = await page({});
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(text).toMatch(/^<!doctype html>/);
  });

  test.each(['application/json', '*/*', 'text/plain', 'text/event-stream'])(
    'is not sent for %s',
    async (accept) => {
      const { status, headers, text } = await get(`${server.url}/graphql`, { Accept: accept });
      expect(status).toBe(401);
      expect(headers['content-type']).not.toContain('html');
      expect(text).not.toContain(TOKEN);
    },
  );

  test('is not sent for a POST', async () => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: html });
    expect(response.status).toBe(401);
  });

  test("is the target of the root's redirect", async () => {
    const { status, headers } = await get(`${server.url}/`);
    expect([status, headers.location]).toEqual([302, '/graphql']);
  });

  test('is absent when turned off', async () => {
    const bare = await startTestServer({ graphiql: false });
    expect((await get(`${bare.url}/graphql`, html)).status).toBe(401);
    expect((await get(`${bare.url}/`, html)).status).toBe(404);
    await bare.close();
  });
});

describe('the development token is filled in', () => {
  test('for a browser on this machine', async () => {
    expect((await page({ Host: `localhost:${port}` })).text).toContain(TOKEN);
  });

  test('not for other clients, which get the page without it', async () => {
    const { status, text } = await page({ Host: 'evil.example:4000' });
    expect(status).toBe(200);
    expect(text).not.toContain(TOKEN);
  });

  test('as the current one: a page is not cached longer than its token', async () => {
    let token = 'the.first.token';
    const renewing = await startTestServer({ graphiql: { token: async () => token } });
    const ask = async () => (await get(`${renewing.url}/graphql`, html)).text;
    expect(await ask()).toContain('the.first.token');
    token = 'the.second.token';
    expect(await ask()).toContain('the.second.token');
    expect(await ask()).not.toContain('the.first.token');
    await renewing.close();
  });
});
