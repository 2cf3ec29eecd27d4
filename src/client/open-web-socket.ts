import { createClient, GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws/client';
import { createAsyncQueue } from './async-queue.ts';
import type { Connection, ConnectionRequest } from './connection.ts';
import { ConnectionLostError, failureOf, toFailure, unreadable } from './connection-lost-error.ts';

/** The part of a WebSocket that is used here; browsers and `ws` both provide it. */
export type WebSocketImpl = new (
  url: string,
  protocols?: string,
) => { close(code?: number, reason?: string): void };

export interface WebSocketSettings {
  webSocketImpl: WebSocketImpl;
  /** Maximum number of events queued for the consumer. */
  maxWaiting: number;
  /** Time limit for the server to accept the connection, in milliseconds. */
  timeoutMs: number;
  /**
   * Silence after which the server is pinged, and the time allowed for its pong, in milliseconds.
   */
  heartbeatMs: number;
}

const NORMAL_CLOSURE = 1000;

/** Subscribes by `graphql-transport-ws` on a socket of its own. */
export function openWebSocket(request: ConnectionRequest, settings: WebSocketSettings): Connection {
  const { webSocketImpl, maxWaiting, timeoutMs, heartbeatMs } = settings;
  const queue = createAsyncQueue<unknown>();
  let isOpen = false;
  let isOver = false;
  let unsubscribe: () => void = () => undefined;
  let onOpen: () => void = () => undefined;
  let onNoOpen: (reason: Error) => void = () => undefined;
  const opened = new Promise<void>((resolve, reject) => {
    onOpen = resolve;
    onNoOpen = reject;
  });
  // The owner may close the connection before it awaits this promise.
  opened.catch(() => undefined);

  const url = request.endpoint.replace(/^http/, 'ws');
  const socket = new webSocketImpl(url, GRAPHQL_TRANSPORT_WS_PROTOCOL);
  let timer = setTimeout(() => end(lost('The WebSocket was not opened in time.')), timeoutMs);
  const client = createClient({
    url,
    webSocketImpl: givenSocket(socket),
    connectionParams: { Authorization: `Bearer ${request.token}` },
    retryAttempts: 0,
    keepAlive: heartbeatMs,
    on: {
      connected() {
        clearTimeout(timer);
        isOpen = true;
        onOpen();
      },
      ping(received) {
        if (!received) timer = setTimeout(() => end(lost('The server is silent.')), heartbeatMs);
      },
      pong(received) {
        if (received) clearTimeout(timer);
      },
      // Handled here and not in the sink: after code 1000 graphql-ws would resubscribe with the
      // same `after`.
      closed: (event) => end(describeClose(event) ?? lost('The connection was closed.')),
    },
  });

  unsubscribe = client.subscribe(
    { query: request.query, variables: request.variables },
    {
      next({ data, errors }) {
        if (isOver) return;
        if (errors) return end(toFailure(errors));
        queue.push(data);
        // A browser's WebSocket has no backpressure: close it and read the rest from the log later.
        if (queue.size() >= maxWaiting) {
          end(new ConnectionLostError('behind', 'The consumer is slower than the connection.'));
        }
      },
      error(error) {
        if (Array.isArray(error)) return end(toFailure(error));
        // A failing socket gives an event; an Error says that a message could not be parsed.
        end(error instanceof Error ? unreadable(error) : lost('The connection failed.'));
      },
      complete: () => end(lost('The server ended the subscription.')),
    },
  );

  function lost(message: string): ConnectionLostError {
    return new ConnectionLostError(isOpen ? 'lost' : 'blocked', message);
  }

  function end(reason: Error): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    queue.end(reason);
    onNoOpen(reason);
    // Keeps graphql-ws from reconnecting. It rejects if it never connected.
    Promise.resolve(client.dispose()).catch(() => undefined);
    unsubscribe();
    socket.close(NORMAL_CLOSURE);
  }

  return {
    opened,
    next: queue.next,
    close: () => end(lost('The subscription was closed.')),
  };
}

/**
 * Returns a constructor that hands this socket to graphql-ws. A socket created here can be closed
 * before it opens, and an error of its constructor can be caught.
 */
function givenSocket(socket: object): unknown {
  function CustomSocket() {
    return socket;
  }
  return Object.assign(CustomSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });
}

/** Returns the server's close code and reason as `CODE: message`, or undefined for a plain loss. */
function describeClose(event: unknown) {
  const { code, reason } = event as { code?: number; reason?: string };
  const coded = /^([A-Z][A-Z_]+): (.*)$/s.exec(reason ?? '');
  if (coded) return failureOf(coded[1], coded[2] ?? '');
  if (code === 4403) return failureOf('UNAUTHENTICATED', reason || 'The token is refused.');
  if (code === 4400) return failureOf('BAD_USER_INPUT', reason || 'The request is refused.');
  return undefined;
}
