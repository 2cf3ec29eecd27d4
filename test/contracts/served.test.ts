import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContracts } from '../../src/contracts/contracts.ts';
import { get } from '../server/request.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
);
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ version });
});
afterAll(() => server.close());

test.for(createContracts(version))(
  'a server has the same $path as the repository',
  async ({ path, mediaType }) => {
    const { status, text, headers } = await get(`${server.url}/.well-known/eventline/${path}`);
    expect([status, headers['content-type']]).toEqual([200, mediaType]);
    expect(text).toBe(readFileSync(join(import.meta.dirname, '../../contracts', path), 'utf8'));
  },
);

test('the API catalog lists all of them (RFC 9727)', async () => {
  const { status, text, headers } = await get(`${server.url}/.well-known/api-catalog`);
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^application\/linkset\+json; profile=/);
  const [{ 'service-desc': links }] = JSON.parse(text).linkset;
  expect(links).toHaveLength(createContracts(version).length);
  for (const { href, type } of links) {
    expect((await get(`${server.url}${href}`)).headers['content-type']).toBe(type);
  }
});

test('they are read only', async () => {
  const url = `${server.url}/.well-known/api-catalog`;
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});
