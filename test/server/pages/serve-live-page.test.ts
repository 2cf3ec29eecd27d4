import { cp, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';
import { get } from '../request.ts';

const TOKEN = 'the.development.token';
const directory = join(import.meta.dirname, '../../../dist/web');
const html = { Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };
let server: TestServer;
let script: string;
beforeAll(async () => {
  server = await startTestServer({ livePage: { directory, token: async () => TOKEN } });
  const names = await readdir(join(directory, 'assets'));
  script = `/assets/${names.find((name) => name.endsWith('.js'))}`;
});
afterAll(() => server.close());

const page = (headers: Record<string, string> = {}) =>
  get(`${server.url}/`, { ...html, ...headers });

describe('the live page', () => {
  test('is sent to browsers, loads only its own files, and may not be framed', async () => {
    const { status, headers, text } = await page();
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers['x-frame-options']).toBe('DENY');
    expect(text).toMatch(/^<!doctype html>/);
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=|https?:/);
  });

  test('weighs less than 200 KB compressed, with all files that it loads', async () => {
    const names = await readdir(join(directory, 'assets'));
    const files = ['index.html', ...names.map((name) => join('assets', name))];
    const contents = await Promise.all(files.map((file) => readFile(join(directory, file))));
    const bytes = contents.map((content) => gzipSync(content, { level: 9 }).length);
    expect(bytes.length).toBeGreaterThan(2);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
  });

  test('holds the token only for a browser on this machine, and is then not cached', async () => {
    const [local, foreign] = [await page(), await page({ Host: 'evil.example' })];
    expect(local.text).toContain(TOKEN);
    expect(local.headers['cache-control']).toBe('no-store');
    expect(foreign.text).not.toContain(TOKEN);
    expect(foreign.headers['cache-control']).toBe('no-cache');
    expect((await page({ 'X-Forwarded-For': '127.0.0.1' })).text).not.toContain(TOKEN);
  });

  test('tells of development tokens only where the server makes them', async () => {
    const production = await startTestServer({ livePage: { directory } });
    const foreign = await page({ Host: 'evil.example' });
    expect(foreign.text).toContain('hasDevelopmentTokens&quot;:true');
    const { text } = await get(`${production.url}/`, html);
    expect(text).not.toContain('hasDevelopmentTokens');
    await production.close();
  });

  test('has a file again that could not be read once', async () => {
    const copy = await temporaryDirectory();
    await cp(directory, copy, { recursive: true });
    const served = await startTestServer({ livePage: { directory: copy } });
    const file = join(copy, script);
    await rename(file, `${file}.away`);
    expect((await get(`${served.url}${script}`)).status).toBe(500);
    await rename(`${file}.away`, file);
    expect((await get(`${served.url}${script}`)).status).toBe(200);
    await served.close();
  });

  test('holds the current token', async () => {
    let token = 'the.first.token';
    const renewing = await startTestServer({ livePage: { directory, token: async () => token } });
    const ask = async () => (await get(`${renewing.url}/`, html)).text;
    expect(await ask()).toContain('the.first.token');
    token = 'the.second.token';
    expect(await ask()).toContain('the.second.token');
    await renewing.close();
  });

  test('is not sent again to a client that has it', async () => {
    const { headers } = await page();
    const again = await page({ 'If-None-Match': String(headers.etag) });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', headers.etag]);
    expect((await page({ 'If-None-Match': 'W/"other"' })).status).toBe(200);
    const listed = await page({ 'If-None-Match': `W/"other" ,  ${headers.etag}, "x"` });
    expect(listed.status).toBe(304);
  });

  test('redirects other clients to GraphQL, where GraphiQL is on', async () => {
    const { status, headers } = await get(`${server.url}/`, { Accept: '*/*' });
    expect([status, headers.location]).toEqual([302, '/graphql']);
    const bare = await startTestServer({ livePage: { directory }, graphiql: false });
    expect((await get(`${bare.url}/`, { Accept: '*/*' })).status).toBe(404);
    const { text } = await get(`${bare.url}/`, html);
    expect(text).toContain('content="{}"');
    await bare.close();
  });

  test('is absent where it was not built, and the log says so', async () => {
    const bare = await startTestServer({ livePage: { directory: join(directory, 'nothing') } });
    expect((await get(`${bare.url}/`, html)).headers.location).toBe('/graphql');
    expect(bare.logLines.join('')).toContain('npm run build');
    await bare.close();
  });
});

describe('its files', () => {
  test('are cached forever by name, and compressed if accepted', async () => {
    const plain = await get(`${server.url}${script}`);
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    const packed = await get(`${server.url}${script}`, { 'Accept-Encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(Number(packed.headers['content-length'])).toBeLessThan(plain.text.length / 2);
  });

  test('support HEAD, and refuse other methods', async () => {
    const url = `${server.url}${script}`;
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('etag')).toBe((await fetch(url)).headers.get('etag'));
    const posted = await fetch(url, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test.each([
    '/assets/',
    '/assets/nothing.js',
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/index.html',
    '/assets/../../main.js',
    '/index.html',
  ])('404 for %s', async (path) => {
    const { hostname, port } = new URL(server.url);
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      // Sends the path unchanged; a URL would be normalised.
      request({ hostname, port, path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });
});
