import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';

/** A subscriber at the level of its connection, which a test can keep from reading. */
export interface RawReader {
  /** The cursors that came, in order. */
  readonly cursors: string[];
  /** Reads nothing more from the network. */
  pause(): void;
  resume(): void;
  /** Resolves when so many have come. */
  until(count: number): Promise<void>;
  /** Resolves with how it ended: the close code and reason, or what the stream ended with. */
  ended: Promise<{ code?: number; reason?: string }>;
  close(): void;
}

export interface RawReaderOptions {
  url: string;
  token: string;
  query: string;
  after?: string | undefined;
  /** How often the same is subscribed to, on a WebSocket. */
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

/** Resolves once the subscription stands. */
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
  // Messages are handled in order: the pong says that the subscriptions have been taken.
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

/** Resolves once the subscription stands. */
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
  // On the socket itself: an answer that is paused is still read ahead a little.
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
