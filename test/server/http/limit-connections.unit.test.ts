import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { limitConnections } from '../../../src/server/http/limit-connections.ts';

/**
 * A server that receives fake connections from any address, with a clock that only a test moves.
 */
function openPlaces() {
  let now = 0;
  const server = createServer();
  const limits = limitConnections(server, { maxConnections: 1, reserved: 3, nowMs: () => now });
  const names = new Map<Socket, string>();
  return {
    limits,
    pass(ms: number) {
      now += ms;
    },
    arrive(name: string, address: string): Socket {
      const socket = new Socket();
      Object.defineProperty(socket, 'remoteAddress', { value: address });
      names.set(socket, name);
      server.emit('connection', socket);
      return socket;
    },
    open: () => [...names].filter(([socket]) => !socket.destroyed).map(([, name]) => name),
  };
}

test('the oldest connection of the address with the most makes room', () => {
  const places = openPlaces();
  places.arrive('reader', '10.0.0.1');
  places.arrive('sender', '10.0.0.2');
  places.arrive('many-1', '10.0.0.3');
  places.arrive('many-2', '10.0.0.3');
  places.arrive('many-3', '10.0.0.3');
  expect(places.open()).toEqual(['reader', 'sender', 'many-2', 'many-3']);
});

test('addresses of one IPv6 network count together', () => {
  const places = openPlaces();
  places.arrive('reader', '10.0.0.1');
  places.arrive('sender', '2001:db8:0:1::1');
  places.arrive('many-1', '2001:db8:0:2::1');
  places.arrive('many-2', '2001:db8:0:2::2');
  places.arrive('new', '10.0.0.4');
  expect(places.open()).toEqual(['reader', 'sender', 'many-2', 'new']);
});

test('connections that had time to deliver go first', () => {
  const places = openPlaces();
  places.arrive('reader', '10.0.0.1');
  places.arrive('late', '10.0.0.2');
  places.pass(2_000);
  places.arrive('many-1', '10.0.0.3');
  places.arrive('many-2', '10.0.0.3');
  places.arrive('new', '10.0.0.4');
  expect(places.open()).toEqual(['reader', 'many-1', 'many-2', 'new']);
});

test('a trusted connection never goes; if all are trusted the new one is refused', () => {
  const places = openPlaces();
  places.arrive('reader', '10.0.0.1');
  for (const name of ['a', 'b', 'c']) places.limits.trust(places.arrive(name, '10.0.0.2'));
  places.pass(100_000);
  places.arrive('new', '10.0.0.3');
  expect(places.open()).toEqual(['reader', 'a', 'b', 'c']);
});
