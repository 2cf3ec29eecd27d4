import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';
import { sendRaw, webhookHead } from './send-raw.ts';

const MAX_BYTES = 64 * 1024;
const JSON_TYPE = { 'Content-Type': 'application/json' };
let server: TestServer;
beforeEach(async () => {
  // One address may hold three bodies.
  server = await startTestServer({ webhookMaxBytes: MAX_BYTES, maxUnderwayBytes: 4 * MAX_BYTES });
});
afterEach(() => server.close());

/** Sends a body without its last byte, with a signature that is not valid. */
function sendAlmostAll(path = '/webhooks/events'): { socket: Socket; answer: Promise<string> } {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  // The server ends the connection while data is in flight.
  socket.on('error', () => undefined);
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('}')) resolve(text);
    });
  });
  const head = webhookHead({ 'X-Signature': 'sha256=AA==', 'Content-Length': MAX_BYTES });
  socket.write(head.replace('/webhooks/events', path));
  socket.write(' '.repeat(MAX_BYTES - 1));
  return { socket, answer };
}

async function settled(answers: readonly Promise<string>[], count: number): Promise<string[]> {
  const done: string[] = [];
  return new Promise((resolve) => {
    for (const answer of answers) {
      answer.then((text) => {
        done.push(text);
        if (done.length === count) resolve(done);
      });
    }
  });
}

test.each(['/webhooks/events', '/a/wrong/path'])(
  'endless bodies to %s make room for others, and do not keep a signed delivery out',
  async (path) => {
    const unfinished = Array.from({ length: 10 }, () => sendAlmostAll(path));
    const answers = await settled(
      unfinished.map(({ answer }) => answer),
      7,
    );
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1.1 408 .*\r\nConnection: close\r\n/s);
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
        type: 'urn:eventline:problem:body-too-slow',
        detail: 'the memory for bodies was full, and this one was the slowest',
      });
    }
    expect((await server.post('message_sent')).status).toBe(200);
    const large = deliveryOf('message_sent', { filler: 'x'.repeat(MAX_BYTES - 1_000) });
    expect((await server.postRaw(large)).status).toBe(200);
    // One more body has been evicted for it.
    await settled(
      unfinished.map(({ answer }) => answer),
      8,
    );
    const outcomes = server.logLines.map((line) => JSON.parse(line)).filter((line) => line.answer);
    expect(Math.max(...outcomes.map(({ level }) => level))).toBe(30);
  },
);

test('a body below the minimum rate is answered 408, long before the request times out', async () => {
  const { answer } = sendAlmostAll();
  const slow = connect(Number(new URL(server.url).port), '127.0.0.1');
  onTestFinished(() => void slow.destroy());
  slow.write(`${webhookHead({ ...JSON_TYPE, 'Content-Length': 300 })}{`);
  const [head = '', body = ''] = await new Promise<string[]>((resolve) => {
    slow.once('data', (chunk) => resolve(String(chunk).split('\r\n\r\n')));
  });
  expect(head).toMatch(/^HTTP\/1.1 408 /);
  expect(JSON.parse(body)).toMatchObject({
    type: 'urn:eventline:problem:body-too-slow',
    detail: 'the body came too slowly (WEBHOOK_MIN_BYTES_PER_SECOND)',
  });
  // The rate counts recent bytes, not the fast start.
  expect(await answer).toContain('(WEBHOOK_MIN_BYTES_PER_SECOND)');
});

test('a body in very many chunks is refused, since each chunk costs time', async () => {
  const head = webhookHead({ ...JSON_TYPE, 'Transfer-Encoding': 'chunked' });
  const answer = await sendRaw(server.url, head, '1\r\nx\r\n'.repeat(5_000));
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(answer).toContain('it has too many chunks for its size');
});
