import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** A subscriber that keeps what comes, so that nothing is missed between two looks. */
export interface Subscriber<T> {
  /** Everything so far. */
  readonly received: T[];
  /** Resolves once the server has confirmed it and it is live, as far as the transport can tell. */
  ready: Promise<void>;
  /** Resolves when at least `count` have come; rejects when the stream ended before. */
  until(count: number): Promise<T[]>;
  /** Resolves when the stream has ended, with the error it ended with, if any. */
  ended: Promise<unknown>;
  close(): Promise<void>;
}

export interface SubscribeOptions {
  url: string;
  query: string;
  variables?: Record<string, unknown>;
  token: string;
  /** Keeps whole results, errors and all, where otherwise errors end it and events are kept. */
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

/** Subscribes by `graphql-transport-ws`. */
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
      // The server handles messages in order: the pong says that it has taken the subscription.
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

/** Subscribes by SSE (GraphQL over SSE, distinct connections). */
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
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (!/^event: next$/m.test(block) || data === undefined) continue;
        const result = JSON.parse(data);
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
    // The head of the answer is sent once the subscription stands.
    ready: response.then(() => undefined),
    async close() {
      abort.abort();
      await collected.ended;
    },
  };
}
