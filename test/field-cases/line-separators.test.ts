import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { formats } from '../../src/cli/commands/export/formats.ts';
import { connectClient, take, transports } from '../client/connect-client.ts';
import { headOf } from '../client/stored-cursors.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

/** Line ends for Unicode, Python's `splitlines` or regular expressions, but neither for JSON nor SSE. */
const SEPARATORS = [
  '\u2028',
  '\u2029',
  '\u0085',
  // Terminals obey it.
  '\u009b',
  '\v',
  '\f',
  '\u001c',
  '\u001d',
  '\u001e',
  '\r',
  '\n',
];
const SPECIALITY = `a${SEPARATORS.join('b')}c`;
const FOLLOW = `subscription Follow($after: String) {
  events(after: $after) { cursor ... on MessageSent { speciality payload } }
}`;

let server: TestServer;
let start: string;
beforeAll(async () => {
  server = await startTestServer();
  start = await headOf(server);
  await server.post('message_sent', { speciality: SPECIALITY, [`key${SPECIALITY}`]: SPECIALITY });
});
afterAll(() => server.close());

// biome-ignore lint/suspicious/noExplicitAny: a script of a plain page
async function followEvents(options: object): Promise<AsyncIterator<any>> {
  const page = '../../examples/sse-page/follow-events.js';
  const { followEvents: follow } = await import(page);
  return follow({ onState: () => undefined, ...options });
}

test('a stream has no other line ends than LF', async () => {
  const abort = new AbortController();
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      Accept: 'text/event-stream',
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await server.token()}`,
    },
    body: JSON.stringify({ query: FOLLOW, variables: { after: start } }),
    signal: abort.signal,
  });
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes('"payload"') && text.endsWith('\n\n')) break;
  }
  for (const end of SEPARATORS.filter((one) => one !== '\n')) expect(text).not.toContain(end);
  expect(text).toContain('a\\u2028b\\u2029b\\u0085b\\u009bb\\u000bb\\fb\\u001c');
});

test('an answer as an event stream has none either', async () => {
  const client = createClient({
    url: `${server.url}/graphql`,
    headers: { Authorization: `Bearer ${await server.token()}` },
    retryAttempts: 0,
  });
  const query = '{ events(first: 1) { edges { node { payload } } } }';
  const answers = [];
  for await (const answer of client.iterate({ query })) answers.push(answer);
  expect(answers).toMatchObject([
    { data: { events: { edges: [{ node: { payload: { speciality: SPECIALITY } } }] } } },
  ]);
});

test.for(transports)('%s: the client reads them, stored and live', async (transport) => {
  const client = connectClient({ url: server.url, token: server.token, transport });
  const events = client.subscribe({ types: ['MESSAGE_SENT'], after: start });
  const [first] = await take(events, 1);
  expect(first?.payload).toMatchObject({ speciality: SPECIALITY });
  const other = connectClient({ url: server.url, token: server.token, transport });
  const isLive = other.waitForStatus('live');
  const next = other.subscribe({ types: ['MESSAGE_SENT'] }).next();
  await isLive;
  await server.post('message_sent', { speciality: SPECIALITY });
  expect((await next).value?.payload).toMatchObject({ speciality: SPECIALITY });
});

test('the example of a plain page reads them', async () => {
  const url = `${server.url}/graphql`;
  const events = await followEvents({ url, token: server.token, after: start });
  expect((await events.next()).value).toMatchObject({ typeName: 'message_sent' });
  await events.return?.();
});

test.for(['jsonl', 'csv'] as const)('a line of an export as %s is one line', (format) => {
  const event = {
    ...{ cursor: 'c', id: 'i', typeName: 'message_sent', occurredOn: '', receivedAt: '' },
    ...{ userId: SPECIALITY, installationId: null, payload: { speciality: SPECIALITY } },
  };
  const text = formats[format].toLine(event);
  expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  if (format === 'jsonl') expect(JSON.parse(text)).toEqual(event);
});

/** A server that sends the same text as the message of every subscription. */
async function startServerOf(message: string) {
  let connections = 0;
  const http = createServer(async (request, response) => {
    if (request.headers.accept !== 'text/event-stream') {
      const { variables } = (await json(request)) as { variables: { after: string | null } };
      const place = { head: 'head', events: { reached: variables.after ?? 'head', edges: [] } };
      return void response
        .setHeader('Content-Type', 'application/json')
        .end(JSON.stringify({ data: place }));
    }
    connections += 1;
    response.setHeader('Content-Type', 'text/event-stream');
    response.write(`:\n\nevent: next\ndata: ${message}\n\n`);
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    connections += 1;
    socket.on('message', (text) => {
      const { type, id } = JSON.parse(String(text));
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type === 'subscribe') socket.send(`{"type":"next","id":"${id}","payload":${message}}`);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    http.closeAllConnections();
    http.close();
    await once(http, 'close');
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return { url, connections: () => connections };
}

test.for(transports)('%s: the client reads them raw from another server', async (transport) => {
  const raw = 'a\u2028b\u2029c\u0085d';
  const { url } = await startServerOf(`{"data":{"events":{"cursor":"1","payload":"${raw}"}}}`);
  const client = connectClient({ url, token: 'none', transport });
  const [event] = await take(client.subscribe({ after: 'start' }), 1);
  expect(event?.payload).toBe(raw);
});

test.for(transports)('%s: a message unread twice ends the loop', async (transport) => {
  const { url, connections } = await startServerOf('{"data":{"events":{"cursor":');
  const client = connectClient({ url, token: 'none', transport });
  await expect(client.subscribe({ after: 'start' }).next()).rejects.toMatchObject({
    name: 'EventsClientError',
    code: 'MESSAGE_UNREADABLE',
    message: expect.stringContaining('start'),
  });
  expect(connections()).toBe(2);
});

test('the example of a plain page reads them raw, and stops at an unreadable message', async () => {
  const raw = 'a\u2028b\u2029c\u0085d';
  const token = async () => 'none';
  const event = `{"data":{"eventFeed":{"cursor":"1","event":{"userId":"${raw}"}}}}`;
  const good = await startServerOf(event);
  const events = await followEvents({ url: good.url, token, after: 'start' });
  expect((await events.next()).value).toEqual({ cursor: '1', userId: raw });
  await events.return?.();
  const bad = await startServerOf('{"data":');
  const none = await followEvents({ url: bad.url, token, after: 'start' });
  await expect(none.next()).rejects.toThrow('cannot be read');
  expect(bad.connections()).toBe(2);
});
