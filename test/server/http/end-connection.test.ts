import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { boundAnswered } from '../../../src/server/http/end-connection.ts';

const HEAD = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Sends a body in chunks to a server that refuses it unread; returns how many of them it got. */
async function sendRefused(chunks: number, chunk: string) {
  let received = 0;
  const server = createServer((request, response) => {
    boundAnswered(request, response);
    response.writeHead(401).end('refused');
    request.on('data', () => {
      received += 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const text = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  socket.on('error', () => undefined).resume();
  socket.write(`${HEAD}${text.repeat(chunks)}`);
  await once(socket, 'close');
  return received;
}

test('the rest of a refused body is discarded, but not thousands of small chunks', async () => {
  expect(await sendRefused(900, 'x'.repeat(100))).toBeGreaterThanOrEqual(900);
  expect(await sendRefused(5_000, 'x')).toBeLessThanOrEqual(1_025);
});
