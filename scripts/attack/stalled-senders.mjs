import { connect, createServer } from 'node:net';

const BODY_BYTES = 1024 * 1024;
const ADDRESSES = 8;
const TICK_MS = 10;
const PIECE = Buffer.alloc(16 * 1024, ' ');

/** Keeps connections open that send all of a body but its last byte, without a signature. */
export function attack({ port, bytesPerSecond, connections }) {
  const open = [];
  let sent = 0;
  const start = (index) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: `127.0.0.${2 + (index % ADDRESSES)}`,
    });
    const one = { socket, left: BODY_BYTES - 1 };
    open[index] = one;
    socket.on('error', () => undefined);
    socket.resume();
    socket.once('close', () => setTimeout(start, TICK_MS, index));
    socket.write(
      `POST /webhooks/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`,
    );
  };
  for (let index = 0; index < connections; index += 1) start(index);
  const startedMs = performance.now();
  let next = 0;
  let bytesWritten = 0;
  process.on('message', () => process.send(bytesWritten));
  setInterval(() => {
    const due = ((performance.now() - startedMs) / 1_000) * bytesPerSecond;
    for (let idle = 0; sent < due && idle < connections; next += 1) {
      const one = open[next % connections];
      const bytes = Math.min(one.left, PIECE.length);
      if (bytes === 0 || !one.socket.writable || one.socket.writableLength > 0) {
        idle += 1;
        continue;
      }
      idle = 0;
      one.socket.write(PIECE.subarray(0, bytes));
      one.left -= bytes;
      sent += bytes;
      bytesWritten += bytes;
    }
    // What could not be sent is not made up for.
    sent = Math.max(sent, due - bytesPerSecond / 10);
  }, TICK_MS);
}

/** Closes a connection after a whole body, as the server does; the attacker then opens another. */
export function sink() {
  const server = createServer((socket) => {
    let bytes = 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes >= BODY_BYTES) socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}
