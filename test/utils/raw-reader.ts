import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

/** A subscriber whose connection a test can pause. */
export interface RawReader {
  /** The received cursors, in order. */
  readonly cursors: string[];
  /** Stops reading from the network. */
  pause(): void;
  resume(): void;
  /** Resolves when this many events have arrived. */
  until(count: number): Promise<void>;
  /** Resolves to how it ended: the close code and reason, or the stream's error. */
  ended: Promise<{ code?: number; reason?: string }>;
  close(): void;
}

export interface RawReaderOptions {
  url: string;
  token: string;
  query: string;
  after?: string | undefined;
  /** Number of equal subscriptions on a WebSocket. */
  subscriptions?: number;
}

function collectCursors() {
  const cursors: string[] = [];
  const waiters = new Set<() => void>();
  return {
    cursors,
    push(result: { data: { events: { cursor: string } } }) {
      cursors.push(result.data.events.cursor);
      for (const waiter of waiters) waiter();
    },
    until: (count: number) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (cursors.length < count) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}

/** Resolves once the subscription is active. */
export async function readByWebSocket(
  options: RawReaderOptions,
): Promise<RawReader & { socket: WebSocket }> {
  const { url, token, query, after, subscriptions = 1 } = options;
  const { cursors, push, until } = collectCursors();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const send = (message: object) => socket.send(JSON.stringify(message));
  const ended = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  await once(socket, 'open');
  send({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } });
  await once(socket, 'message');
  socket.on('message', (text) => {
    const { type, payload } = JSON.parse(String(text));
    if (type === 'next') push(payload);
  });
  for (let id = 0; id < subscriptions; id += 1) {
    send({ type: 'subscribe', id: String(id), payload: { query, variables: { after } } });
  }
  // Messages are handled in order: the pong proves that the subscriptions were accepted.
  socket.ping();
  await once(socket, 'pong');
  return {
    socket,
    cursors,
    until,
    ended,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.terminate(),
  };
}

/** Resolves once the subscription is active. */
export async function readBySse(options: RawReaderOptions): Promise<RawReader> {
  const { url, token, query, after } = options;
  const { cursors, push, until } = collectCursors();
  const asking = request(`${url}/graphql`, {
    method: 'POST',
    headers: {
      Accept: 'text/event-stream',
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
    },
  });
  asking.end(JSON.stringify({ query, variables: { after } }));
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  // Pauses the socket itself, since a paused response still reads ahead a little.
  const { socket } = response as { socket: Socket };
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) push(JSON.parse(data));
    }
  });
  const ended = new Promise<{ reason?: string }>((resolve) => {
    response.on('error', ({ message }) => resolve({ reason: message }));
    response.on('close', () => resolve({}));
  });
  return {
    cursors,
    until,
    ended,
    pause: () => {
      response.pause();
      socket.pause();
    },
    resume: () => {
      response.resume();
      socket.resume();
    },
    close: () => asking.destroy(),
  };
}

export const rawReaders = { websocket: readByWebSocket, sse: readBySse } as const;
