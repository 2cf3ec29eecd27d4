import { untilAborted } from './abort.ts';
import type { Connection } from './connection.ts';
import { ConnectionLostError } from './connection-lost-error.ts';
import { EventsClientError } from './events-client-error.ts';
import type { Transport } from './events-client-state.ts';
import type { EventFilter } from './generated/graphql.ts';
import { openEventStream } from './open-event-stream.ts';
import { openWebSocket, type WebSocketImpl } from './open-web-socket.ts';
import type { Fetch } from './post-graphql.ts';
import { type Place, resolveStartCursor } from './resolve-start-cursor.ts';
import type { BackOff } from './retry.ts';
import { toEndpoint } from './to-endpoint.ts';

/**
 * Shortest tolerated silence on SSE, in milliseconds. The server sends a ping every 12 seconds,
 * which may be late.
 */
const MIN_SILENCE_MS = 30_000;

/** Settings that all subscriptions of a client share. */
export interface ClientSettings {
  /** The endpoint, or a function that returns its URL. */
  endpoint: string | (() => string | Promise<string>);
  token: string | (() => string | Promise<string>);
  fetch: Fetch;
  webSocketImpl: WebSocketImpl | undefined;
  transport: TransportChoice;
  backOff: BackOff;
  maxWaiting: number;
  timeoutMs: number;
  heartbeatMs: number;
}

/** Decides which transport to use; the choice may change during a client's life. */
export interface TransportChoice {
  current(): Transport;
  /** Reports that a WebSocket was opened. */
  opened(): void;
  /**
   * Reports that HTTP works and a WebSocket could not be opened. Returns true when SSE is used from
   * now on.
   */
  blocked(): boolean;
}

export interface StartPoint {
  query: string;
  filter: EventFilter;
  after: string | undefined;
}

export interface Connected {
  connection: Connection;
  place: Place;
  transport: Transport;
}

/**
 * Gets a fresh token and the start cursor, then opens a connection that starts there.
 *
 * @param onPlace receives the start cursor before the connection exists, so that it survives a loss
 * @throws EventsClientError, ConnectionLostError, and errors of `url` and `token`
 */
export async function connect(
  settings: ClientSettings,
  startPoint: StartPoint,
  signal: AbortSignal,
  onPlace: (place: Place) => void,
): Promise<Connected> {
  const { fetch, timeoutMs, transport: choice } = settings;
  const endpoint = await untilAborted(signal, resolveEndpoint(settings.endpoint));
  const token = await untilAborted(signal, resolveToken(settings.token));
  const place = await withTimeout(timeoutMs, signal, (limited) =>
    resolveStartCursor(fetch, { endpoint, token }, startPoint, limited),
  );
  onPlace(place);
  const { query, filter } = startPoint;
  const request = { endpoint, token, query, variables: { filter, after: place.after } };
  const transport = choice.current();
  const connection = open(settings, transport, request);
  try {
    await untilAborted(signal, connection.opened);
  } catch (error) {
    connection.close();
    throw error;
  }
  if (transport === 'websocket') choice.opened();
  return { connection, place, transport };
}

function open(
  { webSocketImpl, fetch, timeoutMs, heartbeatMs, maxWaiting }: ClientSettings,
  transport: Transport,
  request: Parameters<typeof openWebSocket>[0],
): Connection {
  if (transport === 'sse' || webSocketImpl === undefined) {
    const silenceMs = Math.max(2 * heartbeatMs, MIN_SILENCE_MS);
    return openEventStream(request, { fetch, timeoutMs, silenceMs });
  }
  try {
    return openWebSocket(request, { webSocketImpl, maxWaiting, timeoutMs, heartbeatMs });
  } catch (cause) {
    // A page's Content Security Policy may forbid it.
    throw new ConnectionLostError('blocked', 'A WebSocket could not be made.', { cause });
  }
}

async function resolveEndpoint(endpoint: ClientSettings['endpoint']): Promise<string> {
  return typeof endpoint === 'function' ? toEndpoint(await endpoint()) : endpoint;
}

async function resolveToken(token: ClientSettings['token']): Promise<string> {
  const given: unknown = typeof token === 'function' ? await token() : token;
  if (typeof given === 'string' && given !== '') return given;
  const found = given === '' ? 'an empty one' : typeof given;
  throw new EventsClientError('UNAUTHENTICATED', `token: expected a text, got ${found}`);
}

async function withTimeout<T>(
  limitMs: number,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited = new AbortController();
  const late = new ConnectionLostError('unreachable', 'The server did not answer in time.');
  const timer = setTimeout(() => limited.abort(late), limitMs);
  const stop = () => limited.abort(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    return await work(limited.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
