import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { GRAPHQL_PATH, OPERATION_ID } from '../contract.ts';
import { listen } from './listen.ts';
import { receiveDeliveries } from './receive-deliveries.ts';
import { toEvent } from './to-event.ts';
import { toFrame } from './to-frame.ts';
import { ALL, topicOf, topicsFor } from './type-defs.ts';

// The limit of fan-out: no GraphQL, a Map of topics, one text per event. With the argument `send`, ws
// sends it to each socket; with `frame`, one prebuilt frame is written to each socket.

const byFrame = process.argv[2] === 'frame';
const topics = new Map<string, Set<WebSocket>>();
const connections = new WeakMap<WebSocket, Socket>();

function publish(topic: string, text: string): void {
  const sockets = topics.get(topic);
  if (sockets === undefined) return;
  if (!byFrame) {
    for (const socket of sockets) socket.send(text);
    return;
  }
  const frame = toFrame(text);
  for (const socket of sockets) connections.get(socket)?.write(frame);
}

function subscribe(socket: WebSocket, topic: string): void {
  const sockets = topics.get(topic) ?? new Set();
  topics.set(topic, sockets.add(socket));
  socket.once('close', () => sockets.delete(socket));
}

const server = createServer(
  receiveDeliveries((body) => {
    const { __typename, ...event } = toEvent(JSON.parse(body.toString()));
    const payload = { data: { events: event } };
    const text = JSON.stringify({ id: OPERATION_ID, type: 'next', payload });
    publish(ALL, text);
    publish(topicOf(event.userId), text);
    return { status: 'published' };
  }),
);
new WebSocketServer({
  server,
  path: GRAPHQL_PATH,
  handleProtocols: () => 'graphql-transport-ws',
}).on('connection', (socket, request) => {
  connections.set(socket, request.socket);
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (message.type === 'ping') socket.send('{"type":"pong"}');
    if (message.type !== 'subscribe') return;
    for (const topic of topicsFor(message.payload.variables ?? {})) subscribe(socket, topic);
  });
});
listen(server);
