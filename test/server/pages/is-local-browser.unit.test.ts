import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isLocalBrowser } from '../../../src/server/pages/is-local-browser.ts';

/** Answers for each request whether it comes from a browser on this machine. */
const server = createServer((request, response) => {
  response.setHeader('Connection', 'close');
  response.end(`local: ${isLocalBrowser(request)}`);
});
let port: number;
beforeAll(async () => {
  server.listen(0);
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

/** Headers of a page load in Chromium; Firefox and Safari send fewer. */
const CHROMIUM = {
  Connection: 'keep-alive',
  'Cache-Control': 'max-age=0',
  'sec-ch-ua': '"Chromium";v="143", "Not A(Brand";v="24"',
  'sec-ch-ua-mobile': '?0',
  'sec-ch-ua-platform': '"Linux"',
  DNT: '1',
  'Upgrade-Insecure-Requests': '1',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/143.0.0.0',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Sec-Fetch-Site': 'none',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-User': '?1',
  'Sec-Fetch-Dest': 'document',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  'Accept-Language': 'en-US,en;q=0.9',
  Cookie: 'another=app',
  'If-None-Match': 'W/"tag"',
};

interface Asked {
  headers?: Record<string, string | undefined>;
  version?: string;
  address?: string;
}

async function ask({ headers, version = '1.1', address = '127.0.0.1' }: Asked): Promise<boolean> {
  const all = { Host: `localhost:${port}`, ...CHROMIUM, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  const socket = connect(port, address);
  socket.write(`GET / HTTP/${version}\r\n${lines.join('')}\r\n`);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  expect(text).toMatch(/local: (?:true|false)$/);
  return text.endsWith('true');
}

test.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])(
  'accepts a browser that opened %s',
  async (name) => {
    expect(await ask({ headers: { Host: `${name}:${port}` } })).toBe(true);
  },
);

test('accepts a browser over IPv6', async () => {
  expect(await ask({ address: '::1' })).toBe(true);
});

test.each([
  ['a name that was made to lead here', 'evil.example:PORT'],
  ['a name that begins like a local one', 'localhost.evil.example:PORT'],
  ['an address that begins like a local one', '127.0.0.1.evil.example:PORT'],
  ['another address', '10.0.0.1:PORT'],
  ['another port, as behind a tunnel', 'localhost:8080'],
  ['no port', 'localhost'],
])('refuses one that opened %s', async (_, host) => {
  expect(await ask({ headers: { Host: host.replace('PORT', String(port)) } })).toBe(false);
});

test.each([
  ['nginx as it comes', { version: '1.0', headers: { Connection: 'close' } }],
  ['HTTP/1.0 that is kept alive', { version: '1.0' }],
  ['nginx with proxy_http_version 1.1', { headers: { Connection: 'close' } }],
  ['nginx with kept upstream connections, a Go proxy', { headers: { Connection: undefined } }],
])('refuses a proxy by its protocol: %s', async (_, asked) => {
  expect(await ask(asked)).toBe(false);
});

test.each([
  ...['Via', 'Forwarded', 'X-Real-IP', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host'],
  ...['X-Forwarded-Server', 'X-Forwarded', 'Forwarded-For', 'X-Client-IP', 'X-Cluster-Client-IP'],
  ...['True-Client-IP', 'CF-Connecting-IP', 'CF-Ray', 'CF-Visitor', 'CDN-Loop', 'Fastly-Client-IP'],
  ...['Fly-Client-IP', 'X-Original-URL', 'X-Original-Host', 'X-Original-For', 'X-Rewrite-URL'],
  ...['X-ARR-LOG-ID', 'X-Amzn-Trace-Id', 'X-Azure-ClientIP', 'X-Request-Id', 'X-Scheme'],
  ...['X-Envoy-External-Address', 'X-ProxyUser-Ip', 'Tailscale-User-Login', 'Proxy-Connection'],
  ...['Keep-Alive', 'X-Appengine-User-Ip', 'Traceparent', 'Max-Forwards', 'X-Anything'],
])('refuses a proxy that adds %s', async (name) => {
  expect(await ask({ headers: { [name]: '127.0.0.1' } })).toBe(false);
});

const foreign = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4');

test.each(foreign)('refuses a remote address ($address)', async ({ address }) => {
  expect(await ask({ address })).toBe(false);
});
