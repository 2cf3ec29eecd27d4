import { once } from 'node:events';
import { WebSocket } from 'ws';

interface Message {
  id?: string;
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the operation brings
  payload?: any;
}

/** An acknowledged `graphql-transport-ws` connection, message by message. */
export interface OpenSocket {
  readonly socket: WebSocket;
  send(message: object): void;
  /** Starts an operation under an id. */
  start(id: string, payload: object): void;
  /** Returns the next message of an operation, in order; rejects when the connection has closed. */
  next(id: string): Promise<Message>;
  /** Runs an operation to its end, and returns its errors. */
  errorsOf(payload: object): Promise<{ message: string; extensions: Record<string, unknown> }[]>;
  /** The server's close code and reason. */
  closed: Promise<{ code: number; reason: string }>;
  close(): Promise<void>;
}

/**
 * Opens a connection with a token.
 * @throws Error with the close code and reason if it is not acknowledged
 */
export async function openSocket(url: string, token: string): Promise<OpenSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const inboxes = new Map<string, Message[]>();
  const waiters = new Set<() => void>();
  let ended: Error | undefined;
  let count = 0;
  const wake = () => {
    for (const waiter of waiters) waiter();
  };
  const inbox = (id: string) => {
    const messages = inboxes.get(id) ?? [];
    inboxes.set(id, messages);
    return messages;
  };
  socket.on('message', (data) => {
    const message: Message = JSON.parse(String(data));
    inbox(message.id ?? '').push(message);
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      ended = new Error(`closed with ${code} ${reason}`);
      resolve({ code, reason: String(reason) });
      wake();
    });
  });
  // The close event reports the effect of a broken frame.
  socket.on('error', () => undefined);

  function next(id: string): Promise<Message> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const message = inbox(id).shift();
        if (message === undefined && ended === undefined) return;
        waiters.delete(look);
        if (message) resolve(message);
        else reject(ended);
      };
      waiters.add(look);
      look();
    });
  }
  const send = (message: object) => socket.send(JSON.stringify(message));
  const start = (id: string, payload: object) => send({ id, type: 'subscribe', payload });

  await once(socket, 'open');
  send({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } });
  await next('');
  return {
    socket,
    send,
    start,
    next,
    async errorsOf(payload) {
      count += 1;
      const id = `run-${count}`;
      start(id, payload);
      const errors = [];
      for (;;) {
        const message = await next(id);
        if (message.type === 'next') errors.push(...(message.payload.errors ?? []));
        if (message.type === 'error') errors.push(...message.payload);
        if (message.type !== 'next') return errors;
      }
    },
    closed,
    async close() {
      socket.close();
      await closed;
    },
  };
}
