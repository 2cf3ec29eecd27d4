import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { sign } from '../../../src/webhook/sign.ts';
import { lineOf, runEventline, startEventline } from '../../utils/eventline.ts';
import { deliveryOf, WEBHOOK_SECRET } from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

interface Received {
  body: Buffer;
  request: IncomingMessage;
}

/** A program that receives deliveries, and answers with a status. */
async function startProgram(status: number, answer: string) {
  const received: Received[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    received.push({ body: await buffer(request), request });
    response.writeHead(status, { 'Content-Type': 'text/x-answer', 'Retry-After': '7' });
    response.end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events` };
}

async function listen(forwardTo: string, options: string[] = [], env: Record<string, string> = {}) {
  const cwd = await temporaryDirectory();
  const args = ['listen', '--forward-to', forwardTo, '--port', '0', ...options];
  const { child, finished } = startEventline(args, { cwd, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = await lineOf(child, 'stderr', /Receiving/);
  child.stderr.resume();
  return {
    cwd,
    url: /http:\/\/[\d.:]+/.exec(said)?.[0] ?? '',
    async end() {
      child.kill('SIGINT');
      const { code, stdout } = await finished;
      return { code, lines: stdout.trimEnd().split('\n') };
    },
  };
}

const env = { WEBHOOK_SECRETS: `an-older-secret,${WEBHOOK_SECRET}` };
const post = (url: string, body: string, headers: Record<string, string>) =>
  fetch(`${url}/webhooks/events`, { method: 'POST', body, headers });

test('a delivery is forwarded unchanged, and its answer is shown and passed on', async () => {
  const program = await startProgram(422, 'not\nwanted');
  const listening = await listen(program.url, [], env);
  // White space and escapes would not survive a parse.
  const body = deliveryOf('app_opened', { user_id: 'ünï' }).replace(':', ' : \t');
  const headers = { 'X-Signature': sign(body, WEBHOOK_SECRET), 'X-Attempt': '2' };
  const answer = await post(listening.url, body, headers);
  expect([answer.status, await answer.text()]).toEqual([422, 'not\nwanted']);
  expect(answer.headers.get('content-type')).toBe('text/x-answer');
  expect(answer.headers.get('retry-after')).toBe('7');
  const [one] = program.received;
  expect(one?.body.toString()).toBe(body);
  expect(one?.request.url).toBe('/events');
  expect(one?.request.headers).toMatchObject({
    'x-signature': headers['X-Signature'],
    'x-attempt': '2',
    host: new URL(program.url).host,
  });
  const { code, lines } = await listening.end();
  expect(code).toBe(0);
  expect(lines).toEqual([
    expect.stringMatching(/^[\d:.]{12} {2}app_opened {14}422 in \d+ ms {2}not wanted$/),
  ]);
});

test('a delivery without a valid signature is refused and not forwarded', async () => {
  const program = await startProgram(200, 'ok');
  const listening = await listen(program.url, ['--json', '--secret', WEBHOOK_SECRET]);
  const body = deliveryOf('app_opened');
  const statuses = [];
  for (const headers of [{ 'X-Signature': sign(body, 'another-secret') }, {}]) {
    const { status } = await post(listening.url, body, headers as Record<string, string>);
    statuses.push(status);
  }
  statuses.push((await fetch(listening.url)).status);
  expect(statuses).toEqual([401, 401, 405]);
  expect(program.received).toEqual([]);
  const { lines } = await listening.end();
  expect(lines.map((text) => JSON.parse(text))).toMatchObject([
    { status: 401, forwarded: false, answer: expect.stringContaining('The signature is wrong') },
    { status: 401, forwarded: false, answer: expect.stringContaining('The signature is missing') },
    { status: 405, forwarded: false },
  ]);
});

test('without an answer the sender is asked to retry', async () => {
  const listening = await listen('localhost:1/nothing?key=of-the-program', [], env);
  const body = deliveryOf('app_opened');
  const answer = await post(listening.url, body, { 'X-Signature': sign(body, WEBHOOK_SECRET) });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await answer.json()).toMatchObject({
    detail: expect.stringContaining('no answer from http://localhost:1 ('),
  });
  expect((await listening.end()).lines).toEqual([expect.stringContaining('503 not forwarded')]);
});

test("the program's answer is read up to 1 MiB", async () => {
  const program = await startProgram(200, 'x'.repeat(2 ** 20 + 1));
  const listening = await listen(program.url, [], env);
  const body = deliveryOf('app_opened');
  const answer = await post(listening.url, body, { 'X-Signature': sign(body, WEBHOOK_SECRET) });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    detail: expect.stringContaining('The answer has more than 1048576 bytes.'),
  });
});

test.each([[[]], [['--json']]])(
  'control characters of a delivery do not reach the terminal %j',
  async (options) => {
    const program = await startProgram(200, '\x1b[2J');
    const listening = await listen(program.url, options, env);
    const body = JSON.stringify({ type: '\x1b]0;title\x07\x9b2J\u202e', payload: {} });
    await post(listening.url, body, { 'X-Signature': sign(body, WEBHOOK_SECRET) });
    const { lines } = await listening.end();
    expect(lines.join()).toContain(']0;title');
    expect(lines.join()).not.toMatch(/[\p{Cc}\u202e]/u);
  },
);

test('an address with a password is refused, since the sender is told where no answer came from', async () => {
  const args = ['listen', '--forward-to', 'http://user:secret@localhost:1', '--port', '0'];
  const { code, stderr } = await runEventline(args, { cwd: await temporaryDirectory(), env });
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('leave out the user and the password'),
  ]);
  expect(stderr).not.toContain('secret');
});

test('send and listen agree on the development secret without a server', async () => {
  const program = await startProgram(200, '{"received":true}');
  const listening = await listen(program.url);
  const sent = await runEventline(['send', 'message_sent', '--url', listening.url], {
    cwd: listening.cwd,
  });
  expect([sent.code, sent.stdout]).toEqual([0, '200 {"received":true}\n']);
  expect((await listening.end()).lines).toEqual([
    expect.stringMatching(/message_sent +200 in \d+ ms {2}\{"received":true\}$/),
  ]);
});

test.for([
  [['--forward-to', 'http://'], {}, '--forward-to: expected'],
  [['--forward-to', 'localhost:3000', '--secret', ''], {}, '--secret: '],
  [['--forward-to', 'localhost:3000'], { PORT: 'x' }, 'PORT: '],
] as const)('%j with %j is refused', async ([args, variables, message]) => {
  const cwd = await temporaryDirectory();
  const ended = await runEventline(['listen', ...args], { cwd, env: { ...variables } });
  expect(ended.stderr).toContain(message);
  expect(ended.code).toBeGreaterThan(0);
});
