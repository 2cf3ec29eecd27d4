import type { EventFilter } from '../../../src/client/create-events-client.ts';
import { ask } from '../data/ask.ts';
import { createBatcher } from '../data/create-batcher.ts';
import { createSignal, type Signal } from '../data/create-signal.ts';
import { follow } from '../data/follow.ts';
import { type StreamState, toFailed } from '../data/stream-state.ts';
import { COUNTS, COUNTS_LIVE } from '../documents/counts.ts';
import type { EventType } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { findStart } from './find-start.ts';
import { bucketOf, type ChartRange, HOUR_MS, MINUTE_MS } from './range.ts';

/** Minimum interval between redraws, in milliseconds. */
const REDRAW_MS = 250;

/** Number of events by type for each column, by the instant at which it begins. */
export type BucketCounts = ReadonlyMap<number, ReadonlyMap<EventType, number>>;

export interface CountsState {
  state: StreamState;
  buckets: BucketCounts;
  /** Whether the stored events of the range are included. */
  isCounted: boolean;
}

export interface LiveCounts extends Signal<CountsState> {
  close(): void;
}

/**
 * Counts events by minute or hour and by type over a range that ends now, by the sender's instants:
 * the stored ones, counted by the server up to a cursor, then each event after that cursor. A
 * subscription of its own guarantees that none is missed or counted twice.
 */
export function createCounts(session: Session, filter: EventFilter, range: ChartRange): LiveCounts {
  const stop = new AbortController();
  const { signal } = stop;
  const buckets = new Map<number, Map<EventType, number>>();
  let state: StreamState = { status: 'loading' };
  let isCounted = false;
  const snapshot = (): CountsState => ({ state, buckets, isCounted });
  const current = createSignal(snapshot());
  const changes = createBatcher(() => current.set(snapshot()), REDRAW_MS);
  // A column without events moves the chart as well.
  const clock = setInterval(changes.soon, MINUTE_MS / 6);

  function onState(next: StreamState): void {
    state = next;
    changes.soon();
  }

  function add(ms: number, type: EventType, count: number): void {
    const bucket = bucketOf(ms, range);
    const oldest = session.now() - range.ms - range.bucketMs;
    // A sender's clock may be wrong.
    if (bucket < oldest || bucket > session.now() + HOUR_MS) return;
    const counts = buckets.get(bucket) ?? new Map<EventType, number>();
    counts.set(type, (counts.get(type) ?? 0) + count);
    if (buckets.has(bucket)) return;
    buckets.set(bucket, counts);
    for (const known of buckets.keys()) if (known < oldest) buckets.delete(known);
  }

  async function start(): Promise<void> {
    const options = { signal, onState };
    const after = await findStart(session, filter, range.ms, options);
    const since = new Date(session.now() - range.ms);
    const counted = { ...filter, occurredOn: { from: since.toISOString() } };
    const by = [range.dimension, 'TYPE' as const];
    const { data } = await ask(session, COUNTS, { filter: counted, by, after }, options);
    const { rows, reached } = data.eventCounts;
    for (const { minute, hour, type, count } of rows) {
      const instant = minute ?? hour;
      if (instant && type) add(Date.parse(instant), type, count);
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
