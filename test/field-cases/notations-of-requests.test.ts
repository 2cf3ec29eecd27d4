import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { sendRaw } from '../webhook/send-raw.ts';

const HEAD = '{"query":"{ head }"}';
const ANSWER = { data: { head: expect.any(String) } };
const JSON_TYPE = { 'Content-Type': 'application/json' };

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer();
  token = await server.token();
});
afterAll(() => server.close());

async function send(
  body: BodyInit | null,
  headers: object = JSON_TYPE,
  path = '/graphql',
  method = 'POST',
) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...headers },
    body,
    ...{ duplex: 'half' },
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

test.for(['/graphql/', '/graphql/?a=b', '//graphql', '/./graphql', '/%67raphql'])(
  'the endpoint is also %s, over HTTP and WebSocket',
  async (path) => {
    const { status, text } = await send(HEAD, JSON_TYPE, path);
    expect([status, JSON.parse(text)]).toEqual([200, ANSWER]);
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}${path}`,
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    socket.close();
    await once(socket, 'close');
  },
);

test('a byte order mark before the body is ignored, with and without its length', async () => {
  const marked = `\ufeff${HEAD}`;
  expect(JSON.parse((await send(marked)).text)).toEqual(ANSWER);
  const chunked = new Blob([marked]).stream();
  expect(JSON.parse((await send(chunked)).text)).toEqual(ANSWER);
});

test.for([
  'application/json',
  'Application/JSON',
  'application/json ; charset=utf-8',
  'application/json;charset="UTF-8"',
  'application/graphql+json',
])('a body of type %s is taken', async (type) => {
  const { status, text } = await send(HEAD, { 'Content-Type': type });
  expect([status, JSON.parse(text)]).toEqual([200, ANSWER]);
});

test.for([
  'application/json',
  'application/graphql-response+json; charset=utf-8',
  'application/json;charset="utf-8"',
  'application/*;q=0.8, text/html',
  '*/*',
  '',
  ' , ',
  'multipart/mixed;deferSpec=20220824, application/json',
])('an answer for Accept: %s is JSON', async (accept) => {
  const { status, text } = await send(HEAD, { ...JSON_TYPE, Accept: accept });
  expect([status, JSON.parse(text)]).toEqual([200, ANSWER]);
});

test.for([
  [
    'application/json;q=0.1, application/graphql-response+json',
    'application/graphql-response+json',
  ],
  ['application/json;q=0.5, application/*', 'application/graphql-response+json'],
  ['application/json;q=0, */*', 'application/graphql-response+json'],
  ['application/graphql-response+json;q=0.9, application/json', 'application/json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/json, application/graphql-response+json', 'application/json'],
  ['text/event-stream;q=0, application/*;q=0.2', 'application/json'],
])('the weights of Accept: %s ask for %s', async ([accept, type]) => {
  const { status, headers } = await send(HEAD, { ...JSON_TYPE, Accept: accept });
  expect([status, headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
});

test.for([
  'text/html',
  'application/xml',
  'image/png, application/xhtml+xml',
  'nothing',
  'multipart/mixed',
  'multipart/mixed;deferSpec=20220824',
  'application/json;q=0',
  '*/*;q=0',
])('Accept: %s is refused with the formats, before it is executed', async (accept) => {
  const { status, text } = await send(HEAD, { ...JSON_TYPE, Accept: accept });
  expect([status, JSON.parse(text)]).toMatchObject([
    406,
    {
      errors: [
        {
          message: expect.stringContaining('application/graphql-response+json'),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    },
  ]);
});

test.for([
  [415, 'Content-Type application/json', 'POST', { 'Content-Type': 'text/plain' }],
  [415, 'Content-Type application/json', 'POST', { ...JSON_TYPE, 'Content-Encoding': 'br' }],
  [405, 'Use POST', 'PUT', JSON_TYPE],
  [405, 'Use POST', 'DELETE', {}],
] as const)('%s says %s', async ([status, message, method, headers]) => {
  const answer = await send(HEAD, headers, '/graphql', method);
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
    status,
    { errors: [{ message: expect.stringContaining(message) }] },
  ]);
  if (status === 405) expect(answer.headers.get('allow')).toBe('GET, POST');
});

test('an event stream asks proxies not to buffer or compress it', async () => {
  const query = { query: 'subscription { events { id } }' };
  const abort = new AbortController();
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream', ...JSON_TYPE },
    body: JSON.stringify(query),
    signal: abort.signal,
  });
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  expect(response.headers.get('cache-control')).toContain('no-transform');
  // No coding is called "none"; curl --compressed refuses it.
  expect(response.headers.get('content-encoding')).toBe(null);
  abort.abort();
});

/** Sends a subscription to an invalid cursor, which ends; returns the answer as it came. */
function rawStream(version: string, ...lines: string[]): Promise<string> {
  const body = '{"query":"subscription { events(after: \\"none\\") { id } }"}';
  const head = [
    `POST /graphql HTTP/${version}`,
    'Host: localhost',
    'Accept: text/event-stream',
    'Content-Type: application/json',
    `Authorization: Bearer ${token}`,
    `Content-Length: ${body.length}`,
    ...lines,
  ];
  // Resolves when the server has closed the connection.
  return sendRaw(server.url, `${head.join('\r\n')}\r\n\r\n`, body);
}

test.for([
  ['1.1', 'Connection: close'],
  ['1.1', 'Connection: Close'],
  ['1.1', 'Connection: TE, close'],
  ['1.0'],
])('an event stream by HTTP/%s with %s is the last answer of its connection', async (request) => {
  const [version = '', ...lines] = request;
  const answer = await rawStream(version, ...lines);
  expect(answer).toMatch(/^HTTP\/1\.1 200 .*\r\nConnection: close\r\n.*CURSOR_INVALID/s);
  expect(answer).not.toMatch(/keep-alive/i);
});
