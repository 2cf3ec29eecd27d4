import type { ClientSettings } from './connect.ts';
import { createSubscription } from './create-subscription.ts';
import { createTransportChoice, type TransportOption } from './create-transport-choice.ts';
import { CLOSED, type EventsClientState, worstOf } from './events-client-state.ts';
import { EVENTS, type EventsClientEvent, type EventsDocument } from './events-document.ts';
import type { EventFilter } from './generated/graphql.ts';
import type { WebSocketImpl } from './open-web-socket.ts';
import type { BackOff } from './retry.ts';
import { toEndpoint } from './to-endpoint.ts';

export type { EventsClientErrorCode } from './events-client-error.ts';
// biome-ignore lint/performance/noBarrelFile: the package's one entry, and callers need the class
export { EventsClientError } from './events-client-error.ts';
export type { EventFilter, EventType } from './generated/graphql.ts';
export type { BackOff, EventsClientEvent, EventsClientState, EventsDocument, TransportOption };

export interface EventsClientOptions {
  /**
   * The server (`https://events.example.com`), its GraphQL endpoint (`…/graphql`), or a function
   * that returns either. The function is called for each connection; if it throws, the client
   * retries.
   */
  url: string | (() => string | Promise<string>);
  /**
   * The bearer token, or a function that returns one. The function is called for each connection,
   * also after the server refused the last token. If it throws, the client retries, unless the
   * error is an EventsClientError.
   */
  token: string | (() => string | Promise<string>);
  /**
   * `auto` uses WebSocket. It falls back to SSE where no WebSocket exists, and after three in a row
   * could not be opened although HTTP worked.
   */
  transport?: TransportOption;
  /** Defaults to the global WebSocket. Node 20 has none: pass the one of the `ws` package. */
  webSocketImpl?: WebSocketImpl;
  fetch?: typeof globalThis.fetch;
  /** Delays between retries; 250 ms to 1.5 s by default. */
  backOff?: Partial<BackOff>;
  /** Maximum number of events queued for a slow consumer on a WebSocket; 1,000 by default. */
  maxWaiting?: number;
  /** How long the server may take to answer or to accept a connection; 10,000 ms by default. */
  timeoutMs?: number;
  /**
   * Silence after which a WebSocket is pinged, and the time allowed for the pong; 15,000 ms by
   * default.
   */
  heartbeatMs?: number;
  /** Called with each change of `state`. */
  onState?: (state: EventsClientState) => void;
  /** Ends all subscriptions when aborted. */
  signal?: AbortSignal | undefined;
}

export interface SubscribeOptions<Event extends { cursor: string }> extends EventFilter {
  /** The `cursor` of the last event that was processed; without it the subscription starts now. */
  after?: string | null | undefined;
  /** Ends the loop without an error when aborted. */
  signal?: AbortSignal | undefined;
  /** Selects other fields than those of EventsClientEvent. */
  document?: EventsDocument<Event>;
  /** Called with each change of this subscription's state. */
  onState?: (state: EventsClientState) => void;
}

export interface EventsClient {
  /** The state of the subscription that is farthest from live; `closed` without subscriptions. */
  readonly state: EventsClientState;
  /**
   * Yields the matching events, each once and in log order, across reconnects. It connects at the
   * first `next()`; without `after` it starts at the head of the log at that moment. Leaving the
   * loop closes the connection. For one consumer.
   *
   * The iterator throws EventsClientError with BAD_USER_INPUT, CURSOR_INVALID, CURSOR_EXPIRED,
   * FORBIDDEN, or UNAUTHENTICATED when a fresh token is refused twice in a row (a constant token:
   * once), or MESSAGE_UNREADABLE when a message after one cursor cannot be parsed, twice. It retries
   * after every other error, without limit.
   *
   * @throws TypeError when a custom document has no `$after` variable
   */
  subscribe<Event extends { cursor: string } = EventsClientEvent>(
    options?: SubscribeOptions<Event>,
  ): AsyncIterableIterator<Event>;
  /** Ends all subscriptions; new ones are refused. */
  close(): void;
}

/**
 * Creates a client of an Eventline server, for browsers and Node.
 *
 * @throws TypeError when the URL is invalid, or WebSocket is requested where there is none
 */
export function createEventsClient(options: EventsClientOptions): EventsClient {
  const { url, token, signal, onState, backOff, ...given } = options;
  const webSocketImpl =
    given.webSocketImpl ?? (globalThis as { WebSocket?: WebSocketImpl }).WebSocket;
  const settings: ClientSettings = {
    endpoint: typeof url === 'string' ? toEndpoint(url) : url,
    token,
    // Called without a `this`, as a browser's fetch requires.
    fetch: given.fetch ?? ((...args) => globalThis.fetch(...args)),
    webSocketImpl,
    transport: createTransportChoice(given.transport ?? 'auto', webSocketImpl !== undefined),
    backOff: { firstMs: 250, longestMs: 1_500, ...backOff },
    maxWaiting: given.maxWaiting ?? 1_000,
    timeoutMs: given.timeoutMs ?? 10_000,
    heartbeatMs: given.heartbeatMs ?? 15_000,
  };
  const states = new Map<object, EventsClientState>();
  const stop = new AbortController();
  let state = CLOSED;

  function report(subscription: object, its: EventsClientState): void {
    if (its.status === 'closed') states.delete(subscription);
    else states.set(subscription, its);
    const worst = worstOf(states.values());
    if (worst === state) return;
    state = worst;
    onState?.(state);
  }

  return {
    get state() {
      return state;
    },
    subscribe({ after, document, signal: own, onState: notifyState, ...filter } = {}) {
      const subscription = {};
      const query = String(document ?? EVENTS);
      // Without `$after` each reconnect would start at the head of the log and miss events.
      if (!/\$after\b/.test(query)) throw new TypeError('document: it must take $after: String.');
      return createSubscription(settings, {
        query,
        filter,
        after: after ?? undefined,
        signals: [own, signal, stop.signal],
        onState(its) {
          notifyState?.(its);
          report(subscription, its);
        },
      });
    },
    close: () => stop.abort(),
  };
}
