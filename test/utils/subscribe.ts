import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** A subscriber that keeps everything it receives. */
export interface Subscriber<T> {
  /** All events so far. */
  readonly received: T[];
  /**
   * Resolves once the server has confirmed the subscription, as far as the transport reports it.
   */
  ready: Promise<void>;
  /** Resolves when at least `count` events have arrived; rejects if the stream ends first. */
  until(count: number): Promise<T[]>;
  /** Resolves when the stream has ended, with its error, if any. */
  ended: Promise<unknown>;
  close(): Promise<void>;
}

export interface SubscribeOptions {
  url: string;
  query: string;
  variables?: Record<string, unknown>;
  token: string;
  /**
   * Keeps whole results with errors. By default only events are kept, and an error ends the stream.
   */
  whole?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the document selects
export type AnyEvent = any;

function collect() {
  const received: AnyEvent[] = [];
  const waiters = new Set<() => void>();
  let over = false;
  let reason: unknown;
  let finish: (error: unknown) => void = () => undefined;
  const ended = new Promise<unknown>((resolve) => {
    finish = resolve;
  });
  const wake = () => {
    for (const waiter of waiters) waiter();
  };
  return {
    received,
    ended,
    push(item: AnyEvent) {
      received.push(item);
      wake();
    },
    end(error?: unknown) {
      over = true;
      reason ??= error;
      finish(error);
      wake();
    },
    until(count: number): Promise<AnyEvent[]> {
      return new Promise((resolve, reject) => {
        const check = () => {
          if (received.length < count && !over) return;
          waiters.delete(check);
          if (received.length >= count) resolve(received.slice());
          else reject(reason ?? new Error(`the stream ended after ${received.length}`));
        };
        waiters.add(check);
        check();
      });
    },
  };
}

/** Subscribes over `graphql-transport-ws`. */
export function subscribeByWebSocket(options: SubscribeOptions): Subscriber<AnyEvent> {
  const { url, query, variables, token, whole } = options;
  const collected = collect();
  let client: Client | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: `Bearer ${token}` },
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: reject,
    });
    client.on('connected', (socket) => {
      // The server handles messages in order: the pong proves that it accepted the subscription.
      (socket as WebSocket).once('pong', () => resolve());
      (socket as WebSocket).ping();
    });
    client.subscribe(
      { query, ...(variables && { variables }) },
      {
        next(result) {
          if (whole) collected.push(result);
          else if (result.errors) collected.end(result.errors);
          else collected.push(result.data?.events);
        },
        error: (error) => collected.end(error),
        complete: () => collected.end(),
      },
    );
  });
  ready.catch((error) => collected.end(error));
  return {
    ...collected,
    ready,
    async close() {
      await client?.dispose();
    },
  };
}

/** Subscribes over SSE (GraphQL over SSE, distinct connections mode). */
export function subscribeBySse(options: SubscribeOptions): Subscriber<AnyEvent> {
  const { url, query, variables, token, whole } = options;
  const collected = collect();
  const abort = new AbortController();
  const response = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      Accept: 'text/event-stream',
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query, variables }),
    signal: abort.signal,
  });
  const read = async () => {
    const stream = (await response).body?.pipeThrough(new TextDecoderStream());
    let text = '';
    for await (const chunk of stream ?? []) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const [event, data = ''] = block.split('\n');
        if (event !== 'event: next') continue;
        const result = JSON.parse(data.slice('data: '.length));
        if (whole) collected.push(result);
        else if (result.errors) collected.end(result.errors);
        else collected.push(result.data.events);
      }
    }
  };
  read().then(
    () => collected.end(),
    (error) => collected.end(abort.signal.aborted ? undefined : error),
  );
  return {
    ...collected,
    // The response headers are sent once the subscription is active.
    ready: response.then(() => undefined),
    async close() {
      abort.abort();
      await collected.ended;
    },
  };
}
