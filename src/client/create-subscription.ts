import { onAbort, pauseFor } from './abort.ts';
import { type ClientSettings, type Connected, connect, type StartPoint } from './connect.ts';
import { ConnectionLostError } from './connection-lost-error.ts';
import { EventsClientError } from './events-client-error.ts';
import { CLOSED, type EventsClientState } from './events-client-state.ts';
import { createRetry } from './retry.ts';

/** A connection that lasted this long counts as successful, even without events. */
const STEADY_MS = 10_000;
const MAX_REFUSALS = 2;

export interface SubscriptionOptions extends StartPoint {
  /** Each of them ends the subscription. */
  signals: readonly (AbortSignal | undefined)[];
  onState: (state: EventsClientState) => void;
}

/**
 * Yields events in order across reconnects: `after` advances with each event that is handed out, so
 * the next connection resumes right after it. A lost connection is noticed once its queued events
 * are taken.
 */
export function createSubscription<Event extends { cursor: string }>(
  settings: ClientSettings,
  { query, filter, after: given, signals, onState }: SubscriptionOptions,
): AsyncIterableIterator<Event> {
  // A constant token cannot be refreshed.
  const retry = createRetry(
    settings.backOff,
    typeof settings.token === 'function' ? MAX_REFUSALS : 1,
  );
  const stop = new AbortController();
  const stopListening: (() => void)[] = [];
  let after = given;
  /** The cursor after which a message could not be read. */
  let unreadableAfter: string | undefined;
  let current: (Connected & { openedAtMs: number }) | undefined;

  async function next(): Promise<IteratorResult<Event, undefined>> {
    while (!stop.signal.aborted) {
      try {
        current ??= await start();
        if (stop.signal.aborted) break;
        const { events } = ((await current.connection.next()) ?? {}) as { events?: Event };
        if (typeof events?.cursor !== 'string') {
          throw new EventsClientError('BAD_USER_INPUT', 'The document selects no events.cursor.');
        }
        // Ended in the meantime: the event is not handed out, so it must not move the cursor.
        if (stop.signal.aborted) break;
        after = events.cursor;
        retry.progressed();
        if (after === current.place.last) {
          onState({ status: 'live', transport: current.transport });
        }
        return { done: false, value: events };
      } catch (error) {
        if (stop.signal.aborted) break;
        await recover(error);
      }
    }
    // `end` does not know a connection that was opened in the same moment.
    current?.connection.close();
    current = undefined;
    return { done: true, value: undefined };
  }

  async function start() {
    onState({ status: 'connecting' });
    const connected = await connect(settings, { query, filter, after }, stop.signal, (place) => {
      after = place.after;
    });
    retry.opened();
    const { place, transport } = connected;
    onState({ status: place.last === undefined ? 'live' : 'replaying', transport });
    return { ...connected, openedAtMs: performance.now() };
  }

  /** Waits until a retry makes sense; rethrows an error that a retry cannot fix. */
  async function recover(error: unknown): Promise<void> {
    const lost = current;
    current = undefined;
    lost?.connection.close();
    if (lost && performance.now() - lost.openedAtMs >= STEADY_MS) retry.progressed();
    let delayMs: number;
    try {
      delayMs = retry.delayAfter(finalIfRepeated(error), lost !== undefined);
    } catch (final) {
      end();
      throw final;
    }
    const isBlocked = error instanceof ConnectionLostError && error.kind === 'blocked';
    if ((isBlocked && settings.transport.blocked()) || delayMs === 0) return;
    onState({ status: 'waiting', delayMs, cause: error });
    await pauseFor(delayMs, stop.signal);
  }

  /** A message that cannot be read a second time at the same cursor would never be read. */
  function finalIfRepeated(error: unknown): unknown {
    if (!(error instanceof ConnectionLostError && error.kind === 'unreadable')) return error;
    if (unreadableAfter !== after) {
      unreadableAfter = after;
      return error;
    }
    const message = `The event after the cursor ${after} cannot be read, twice.`;
    return new EventsClientError('MESSAGE_UNREADABLE', message, { cause: error });
  }

  function end(): void {
    if (stop.signal.aborted) return;
    stop.abort();
    for (const each of stopListening) each();
    current?.connection.close();
    current = undefined;
    onState(CLOSED);
  }
  for (const signal of signals) stopListening.push(onAbort(signal, end));

  // Serialises `next` calls, whatever the consumer does.
  let lastRequest: Promise<unknown> = Promise.resolve();
  const iterator: AsyncIterableIterator<Event> = {
    next() {
      const result = lastRequest.then(next);
      lastRequest = result.catch(() => undefined);
      return result;
    },
    // Not an async generator: its `return` would wait for a pending `next` that may never settle.
    async return() {
      end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
