import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { FrameWriter } from '../../../src/server/websocket/frame-writer.ts';

/** A writer on a real connection, the writes that reach its socket, and what its peer receives. */
async function openWriter() {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(sockets, 'connection') as Promise<[WebSocket, IncomingMessage]>;
  const peer = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const received: string[] = [];
  const waiters = new Set<() => void>();
  peer.on('message', (data) => {
    received.push(String(data));
    for (const waiter of waiters) waiter();
  });
  const [webSocket, request] = await connected;
  await once(peer, 'open');
  const { socket } = request;
  let writes = 0;
  const write = socket.write.bind(socket);
  socket.write = ((...parameters: Parameters<typeof write>) => {
    writes += 1;
    return write(...parameters);
  }) as typeof socket.write;
  onTestFinished(async () => {
    peer.terminate();
    sockets.close();
    server.close();
    await once(server, 'close');
  });
  return {
    writer: new FrameWriter(webSocket, socket),
    webSocket,
    socket,
    peer,
    received,
    writes: () => writes,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (received.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}

const HEAD = Buffer.from('{"id":"ü","payload":');

test('messages of all lengths, alone and together, arrive complete and in order', async () => {
  const { writer, received, until } = await openWriter();
  const around = (bytes: number) => [-2, -1, 0, 1, 2].map((more) => bytes + more - HEAD.length);
  const texts = [126, 2 ** 14, 2 ** 16, 16_384 + HEAD.length, 80_000]
    .flatMap(around)
    .map((length, index) => `${String(index % 10).repeat(Math.max(0, length - 1))}}`);
  for (const text of texts) {
    expect(writer.write(HEAD, Buffer.from(text))).toBe(true);
    await new Promise(setImmediate);
  }
  for (const text of texts.slice(0, 10)) expect(writer.write(HEAD, Buffer.from(text))).toBe(true);
  const all = [...texts, ...texts.slice(0, 10)].map((text) => `${HEAD}${text}`);
  await until(all.length);
  expect(received).toEqual(all);
});

test('messages of one turn of the event loop leave in one write at its end', async () => {
  const { writer, webSocket, received, until, writes } = await openWriter();
  for (let sent = 0; sent < 100; sent += 1) writer.write(HEAD, Buffer.from(`${sent}}`));
  expect(writes()).toBe(0);
  await undefined;
  expect(writes()).toBe(1);
  writer.write(HEAD, Buffer.from('100}'));
  await undefined;
  expect(writes()).toBe(2);
  // Data written meanwhile stays in order.
  writer.write(HEAD, Buffer.from('101}'));
  writer.flush();
  webSocket.send('end');
  await until(103);
  expect(received).toEqual([...Array.from({ length: 102 }, (_, n) => `${HEAD}${n}}`), 'end']);
});

test('queued bytes for a peer that does not read are bounded, and draining is signalled', async () => {
  const { writer, socket, peer, received, until } = await openWriter();
  peer.pause();
  const text = Buffer.from(`${'x'.repeat(10_000)}}`);
  let sent = 0;
  let most = 0;
  // The kernel buffers fill first, which takes several turns of the event loop.
  for (let full = 0; full < 3; ) {
    if (writer.write(HEAD, text)) sent += 1;
    else {
      full += 1;
      await new Promise(setImmediate);
    }
    most = Math.max(most, socket.writableLength);
  }
  expect(most).toBeGreaterThan(100_000);
  expect(most).toBeLessThanOrEqual(256 * 1024);
  const drained = new Promise<void>((resolve) => writer.onDrained(resolve));
  peer.resume();
  await drained;
  expect(writer.write(HEAD, text)).toBe(true);
  await until(sent + 1);
  expect(new Set(received).size).toBe(1);
});

test("a message larger than the queue's bound is accepted alone", async () => {
  const { writer, peer, until } = await openWriter();
  peer.pause();
  const large = Buffer.from(`${'x'.repeat(20 * 1024 * 1024)}}`);
  expect(writer.write(HEAD, large)).toBe(true);
  expect(writer.write(HEAD, Buffer.from('1}'))).toBe(false);
  peer.resume();
  await new Promise<void>((resolve) => writer.onDrained(resolve));
  expect(writer.write(HEAD, Buffer.from('1}'))).toBe(true);
  await until(2);
});

test('nothing is written after the close frame', async () => {
  const { writer, webSocket, peer, received } = await openWriter();
  const closed = once(peer, 'close');
  writer.write(HEAD, Buffer.from('1}'));
  webSocket.close(4403, 'over');
  expect(writer.write(HEAD, Buffer.from('2}'))).toBe(false);
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([4403, 'over']);
  expect(received).toEqual([]);
});
