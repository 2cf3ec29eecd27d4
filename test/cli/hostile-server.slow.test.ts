import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { runEventline } from '../utils/eventline.ts';
import { JWT_SECRET, WEBHOOK_SECRET } from '../utils/server.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const env = { AUTH_JWT_SECRET: JWT_SECRET, WEBHOOK_SECRETS: WEBHOOK_SECRET };
/** What may be sent beyond the limit: the buffers of both sides. */
const MOST_SENT = 80 * 2 ** 20;

/** A server that is no Eventline: its answers, and the events of its subscriptions. */
async function startHostile(
  answer: (response: ServerResponse, body: string) => void,
  event?: unknown,
): Promise<string> {
  const server = createServer(async (request, response) => answer(response, await text(request)));
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('message', (given) => {
      const { type, id } = JSON.parse(String(given));
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type !== 'subscribe') return;
      const payload = { data: { events: event } };
      socket.send(JSON.stringify({ type: 'next', id, payload }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const run = async (args: string[], url: string) =>
  runEventline([...args, '--url', url], { cwd: await temporaryDirectory(), env });

async function aRecording(): Promise<string> {
  const file = join(await temporaryDirectory(), 'recorded.jsonl');
  await writeFile(file, '{"type":"app_opened"}\n');
  return file;
}

test.each([
  ['tail', ['tail'], 'has more than 67108864 bytes'],
  ['export', ['export'], 'has more than 67108864 bytes'],
  ['simulate', ['simulate', '--verify', '--duration', '1s'], 'has more than 67108864 bytes'],
  ['send', ['send', 'app_opened'], 'has more than 1048576 bytes'],
])('%s stops reading an answer without an end', async (_, args, said) => {
  let sent = 0;
  const chunk = ' '.repeat(2 ** 16);
  const url = await startHostile((response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const more = () => {
      while (!response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
    };
    more();
  });
  const { code, stderr } = await run(args, url);
  expect(stderr).toContain(said);
  expect(code).toBe(1);
  expect(sent).toBeLessThan(MOST_SENT);
});

const event = {
  ...{ id: 'a', cursor: 'b', typeName: 'c', occurredOn: 'd', receivedAt: '2026-01-01T00:00:00Z' },
  ...{ userId: null, installationId: null, payload: {} },
};

test.each([
  ['an instant', { ...event, receivedAt: 5 }, 'receivedAt'],
  ['no instant', { ...event, receivedAt: 'x' }, 'receivedAt: expected an instant'],
  ['the name of a type', { ...event, typeName: { a: 1 } }, 'typeName'],
  ['a user', { ...event, userId: ['u'] }, 'userId'],
  ['a payload', { ...event, payload: 'text' }, 'payload'],
])('tail refuses an event whose members have other types: %s', async (_, given, said) => {
  const url = await startHostile((response) => response.end('{"data":{"head":"a"}}'), given);
  const { code, stderr } = await run(['tail'], url);
  expect(stderr).toContain(said);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});

const page = (events: unknown) => ({ data: { head: 'a', events } });
const end = { reached: 'b', pageInfo: { hasNextPage: false } };

test.each([
  ['a number', 5],
  ['no data', { data: null }],
  ['a number as head', { data: { head: 5 } }],
  ['no edges', page({ ...end, edges: null })],
  ['an edge without an event', page({ ...end, edges: [null] })],
  [
    'an event with a number as payload',
    page({ ...end, edges: [{ node: { ...event, payload: 5 } }] }),
  ],
  ['errors that are no list', { errors: { length: 1 } }],
  ['errors without a message', { errors: [null] }],
])('export refuses an answer that is not of Eventline: %s', async (_, answer) => {
  const url = await startHostile((response) => response.end(JSON.stringify(answer)));
  const { code, stdout, stderr } = await run(['export'], url);
  expect(stderr).toMatch(/refuses to be read \(200\): no GraphQL answer/);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

test.each([
  ['an object as title', 400, { title: { toString: 1 }, detail: { toString: 1 } }, 'line 1: 400'],
  ['an object as title of a 401', 401, { title: { toString: 1 } }, 'refuses the signature'],
  ['an object as status', 200, { status: { toString: 1 } }, ''],
])('replay shows an answer with other types: %s', async (_, status, answer, said) => {
  const url = await startHostile((response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  const { stderr } = await run(['replay', await aRecording()], url);
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('something unexpected');
});

test.each([[[]], [['--json']]])(
  'send shows no control characters of an answer %j',
  async (options) => {
    const url = await startHostile((response) =>
      response.end('{"status":"\u009b2J\u202e"}\u001b[2J'),
    );
    const { stdout } = await run(['send', 'app_opened', ...options], url);
    expect(stdout).toContain('status');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  },
);

test('send --json prints an answer of several lines as one', async () => {
  const url = await startHostile((response) => response.end('{\n  "status": "\u009b"\n}'));
  const { stdout } = await run(['send', 'app_opened', '--json'], url);
  expect(stdout).toBe('{"status":"\\u009b"}\n');
});
