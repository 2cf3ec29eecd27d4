import type { EventFilter } from '../../../src/client/create-events-client.ts';
import { ask } from '../data/ask.ts';
import { createBatcher } from '../data/create-batcher.ts';
import { createSignal, type Signal } from '../data/create-signal.ts';
import { follow } from '../data/follow.ts';
import { type StreamState, toFailed } from '../data/stream-state.ts';
import { COUNTS_LIVE, MINUTE_COUNTS } from '../documents.ts';
import type { EventType } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { findStart } from './find-start.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** Minimum interval between redraws, in milliseconds. */
const REDRAW_MS = 250;

/** Number of events by type for each minute, by the instant at which it begins. */
export type MinuteCounts = ReadonlyMap<number, ReadonlyMap<EventType, number>>;

export interface CountsState {
  state: StreamState;
  minutes: MinuteCounts;
  /** Whether the stored events of the hour are included. */
  isCounted: boolean;
}

export interface LiveCounts extends Signal<CountsState> {
  close(): void;
}

/**
 * Counts events by minute and type over the last hour, by the sender's instants: the stored ones,
 * counted by the server up to a cursor, then each event after that cursor. A subscription of its
 * own guarantees that none is missed or counted twice.
 */
export function createMinuteCounts(session: Session, filter: EventFilter): LiveCounts {
  const stop = new AbortController();
  const { signal } = stop;
  const minutes = new Map<number, Map<EventType, number>>();
  let state: StreamState = { status: 'loading' };
  let isCounted = false;
  const snapshot = (): CountsState => ({ state, minutes, isCounted });
  const current = createSignal(snapshot());
  const changes = createBatcher(() => current.set(snapshot()), REDRAW_MS);
  // A minute without events moves the chart as well.
  const clock = setInterval(changes.soon, MINUTE_MS / 6);

  function onState(next: StreamState): void {
    state = next;
    changes.soon();
  }

  function add(ms: number, type: EventType, count: number): void {
    const minute = ms - (ms % MINUTE_MS);
    const oldest = session.now() - HOUR_MS - MINUTE_MS;
    // A sender's clock may be wrong.
    if (minute < oldest || minute > session.now() + HOUR_MS) return;
    const counts = minutes.get(minute) ?? new Map<EventType, number>();
    counts.set(type, (counts.get(type) ?? 0) + count);
    if (minutes.has(minute)) return;
    minutes.set(minute, counts);
    for (const known of minutes.keys()) if (known < oldest) minutes.delete(known);
  }

  async function start(): Promise<void> {
    const options = { signal, onState };
    const after = await findStart(session, filter, options);
    const since = new Date(session.now() - HOUR_MS);
    const counted = { ...filter, occurredOn: { from: since.toISOString() } };
    const { data } = await ask(session, MINUTE_COUNTS, { filter: counted, after }, options);
    const { rows, reached } = data.eventCounts;
    for (const { minute, type, count } of rows) {
      if (minute && type) add(Date.parse(minute), type, count);
    }
    isCounted = true;
    changes.now();
    const onEvent = ({ occurredOn, type }: { occurredOn: string; type: EventType }) => {
      add(Date.parse(occurredOn), type, 1);
      changes.soon();
    };
    const following = { document: COUNTS_LIVE, filter, after: reached };
    await follow(session, { ...following, signal, onEvent, onState });
  }

  start().catch((error) => {
    if (!signal.aborted) onState(toFailed(error));
  });

  return {
    current: current.current,
    subscribe: current.subscribe,
    close() {
      stop.abort();
      clearInterval(clock);
      changes.close();
    },
  };
}
