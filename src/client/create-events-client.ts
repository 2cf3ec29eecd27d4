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
   * The server (`https://events.example.com`), or its GraphQL endpoint (`…/graphql`); or what gives it:
   * that is asked at each connection, and what it throws is tried again.
   */
  url: string | (() => string | Promise<string>);
  /**
   * The bearer token, or what gives one: it is asked at each connection, so also when the server
   * has refused the last one. What it throws is tried again, unless it is an EventsClientError.
   */
  token: string | (() => string | Promise<string>);
  /**
   * `auto` takes WebSocket, and SSE where there is none or where three in a row could not be opened
   * while HTTP worked.
   */
  transport?: TransportOption;
  /** The global WebSocket unless given. Node 20 has none: give the one of the `ws` package. */
  webSocketImpl?: WebSocketImpl;
  fetch?: typeof globalThis.fetch;
  /** The pauses between attempts: from 250 ms to 1.5 s unless told otherwise. */
  backOff?: Partial<BackOff>;
  /** How many events may wait for a slow consumer on a WebSocket; 1,000 unless told otherwise. */
  maxWaiting?: number;
  /** How long a server may take to answer or to take a connection; 10,000 ms. */
  timeoutMs?: number;
  /** After how long a silence a WebSocket is checked, and how long that may take; 15,000 ms. */
  heartbeatMs?: number;
  /** Told of each change of `state`. */
  onState?: (state: EventsClientState) => void;
  /** Ends all subscriptions. */
  signal?: AbortSignal | undefined;
}

export interface SubscribeOptions<Event extends { cursor: string }> extends EventFilter {
  /** The `cursor` of the last event that was seen; without it from now on. */
  after?: string | null | undefined;
  /** Ends the loop, without an error. */
  signal?: AbortSignal | undefined;
  /** Selects other fields than those of EventsClientEvent. */
  document?: EventsDocument<Event>;
  /** Told of each change of this subscription's state. */
  onState?: (state: EventsClientState) => void;
}

export interface EventsClient {
  /** The state of the subscription that is farthest from live; `closed` when there is none. */
  readonly state: EventsClientState;
  /**
   * The events that match, each once and in the order of the log, across any loss of connections.
   * It connects at the first `next()`; without `after` it starts at the log's end of that moment.
   * Breaking off the loop closes the connection at once. For one consumer.
   *
   * @throws TypeError when a document of one's own takes no `$after`
   *
   * The iterator throws EventsClientError with BAD_USER_INPUT, CURSOR_INVALID, CURSOR_EXPIRED,
   * FORBIDDEN, or UNAUTHENTICATED when a fresh token is refused twice in a row (a token that is a
   * plain text: once). Everything else is tried again, for ever.
   */
  subscribe<Event extends { cursor: string } = EventsClientEvent>(
    options?: SubscribeOptions<Event>,
  ): AsyncIterableIterator<Event>;
  /** Ends all subscriptions; no new ones start. */
  close(): void;
}

/**
 * Makes a client for an Eventline server, for browsers and Node.
 *
 * @throws TypeError when the URL is none, or WebSocket is asked for where there is none
 */
export function createEventsClient(options: EventsClientOptions): EventsClient {
  const { url, token, signal, onState, backOff, ...given } = options;
  const webSocketImpl =
    given.webSocketImpl ?? (globalThis as { WebSocket?: WebSocketImpl }).WebSocket;
  const settings: ClientSettings = {
    endpoint: typeof url === 'string' ? toEndpoint(url) : url,
    token,
    // Called without its `this`, as a browser's fetch must be.
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
    subscribe({ after, document, signal: own, onState: tell, ...filter } = {}) {
      const subscription = {};
      const query = String(document ?? EVENTS);
      // Without it each connection would start at the log's end of its own moment.
      if (!/\$after\b/.test(query)) throw new TypeError('document: it must take $after: String.');
      return createSubscription(settings, {
        query,
        filter,
        after: after ?? undefined,
        signals: [own, signal, stop.signal],
        onState(its) {
          tell?.(its);
          report(subscription, its);
        },
      });
    },
    close: () => stop.abort(),
  };
}
