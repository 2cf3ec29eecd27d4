import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { kernelAcceptedBytes } from '../../../src/server/http/kernel-accepted-bytes.ts';

const BYTES = 24 * 1024 * 1024;

test('it grows with each part of a large write that the kernel accepts, and only then', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
  reader.pause();
  const [socket] = await accepted;
  expect(kernelAcceptedBytes(socket)).toBe(0);
  const written = new Promise((resolve) => socket.write(Buffer.alloc(BYTES), resolve));

  const steps = [kernelAcceptedBytes(socket) ?? 0];
  while ((steps.at(-1) ?? 0) < BYTES) {
    reader.resume();
    await once(reader, 'data');
    const taken = kernelAcceptedBytes(socket) ?? 0;
    if (taken > (steps.at(-1) ?? 0)) {
      steps.push(taken);
      // Node's own figure does not change while the write proceeds.
      if (taken < BYTES) expect(socket.writableLength).toBe(BYTES);
    }
  }
  expect(steps.length).toBeGreaterThan(3);
  await written;
  expect(kernelAcceptedBytes(socket)).toBe(BYTES);
  socket.destroy();
  expect(kernelAcceptedBytes(socket)).toBeUndefined();
  reader.destroy();
  server.close();
  await once(server, 'close');
});
