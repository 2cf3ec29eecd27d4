import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/log/append/insert-batch.ts';
import { isSocketError } from '../../src/storage/is-socket-error.ts';
import { mapDatabaseError } from '../../src/storage/map-database-error.ts';

/** The error of a write to a socket whose other side has ended. */
async function errorOfEndedSocket(): Promise<unknown> {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
  socket.on('error', () => undefined);
  await once(socket, 'end');
  // Node ends its own side in the next turn.
  await new Promise(setImmediate);
  const error = await new Promise((resolve) => socket.write('x', resolve));
  server.close();
  return error;
}

test('a write to an ended socket is no reason to refuse an event, and is unavailability', async () => {
  const error = await errorOfEndedSocket();
  expect(isSocketError(error)).toBe(true);
  expect(isRefusal(error)).toBe(false);
  await expect(mapDatabaseError(Promise.reject(error))).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
});

test.each(['ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ERR_STREAM_DESTROYED'])(
  '%s is an error of the connection',
  (code) => expect(isSocketError(Object.assign(new Error(code), { code }))).toBe(true),
);

test('what is wrong with a document is none', () => {
  const thrownBy = (value: unknown) => {
    try {
      mongoose.mongo.BSON.serialize(value as object);
    } catch (error) {
      return error;
    }
    throw new Error('it was serialised');
  };
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  for (const error of [thrownBy({ a: { _bsontype: 'x' } }), thrownBy(cyclic)]) {
    expect(isSocketError(error)).toBe(false);
    expect(isRefusal(error)).toBe(true);
  }
  const range = Object.assign(new RangeError('x'), { code: 'ERR_OUT_OF_RANGE' });
  expect([isSocketError(range), isRefusal(range), isSocketError(undefined)]).toEqual([
    false,
    true,
    false,
  ]);
});
