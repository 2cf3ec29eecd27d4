import type { EventType } from '../generated/graphql.ts';
import { eventTypes } from '../stream/event-types.ts';
import { HOUR_MS, MINUTE_MS, type MinuteCounts } from './create-minute-counts.ts';

export interface BusyMinute {
  /** Start of the minute, in milliseconds since 1970. */
  begins: number;
  counts: ReadonlyMap<EventType, number>;
  /** Number of events of the drawn types. */
  all: number;
}

export interface StackedCounts {
  /** The minutes of the last hour, in seconds since 1970. */
  seconds: number[];
  /** For each type, last to first: its events plus those of all types before it. */
  heights: number[][];
  /** Events of the hour by type, for all types. */
  totals: ReadonlyMap<EventType, number>;
  /** The minutes with drawn events, newest first. */
  busy: readonly BusyMinute[];
  /** The highest column. */
  most: number;
}

/**
 * Stacks the columns of the types: drawn from the highest on, each covers the lower part of the one
 * before.
 *
 * @param shown the drawn types; empty: all
 */
export function stackCounts(
  minutes: MinuteCounts,
  shown: readonly EventType[],
  nowMs: number,
): StackedCounts {
  const last = nowMs - (nowMs % MINUTE_MS);
  const seconds: number[] = [];
  const totals = new Map<EventType, number>();
  const busy: BusyMinute[] = [];
  const rising = eventTypes.map(() => [] as number[]);
  for (let minute = last - HOUR_MS + MINUTE_MS; minute <= last; minute += MINUTE_MS) {
    seconds.push(minute / 1_000);
    const counts = minutes.get(minute);
    let height = 0;
    for (const [index, type] of eventTypes.entries()) {
      const count = counts?.get(type) ?? 0;
      totals.set(type, (totals.get(type) ?? 0) + count);
      if (shown.length === 0 || shown.includes(type)) height += count;
      rising[index]?.push(height);
    }
    if (counts && height > 0) busy.unshift({ begins: minute, counts, all: height });
  }
  const most = Math.max(0, ...busy.map(({ all }) => all));
  return { seconds, heights: rising.reverse(), totals, busy, most };
}
