import type { EventType } from '../generated/graphql.ts';
import { eventTypes } from '../stream/event-types.ts';
import { HOUR_MS, MINUTE_MS, type MinuteCounts } from './create-minute-counts.ts';

export interface BusyMinute {
  /** The instant it begins at, in milliseconds since 1970. */
  begins: number;
  counts: ReadonlyMap<EventType, number>;
  /** How many there were of the types that are drawn. */
  all: number;
}

export interface StackedCounts {
  /** The minutes of the last hour, as seconds since 1970. */
  seconds: number[];
  /** For each type, from the last to the first: how many there are of it and all before it. */
  heights: number[][];
  /** How many of each type there are in the hour, of all types. */
  totals: ReadonlyMap<EventType, number>;
  /** The minutes in which there was something that is drawn, newest first. */
  busy: readonly BusyMinute[];
  /** The highest column. */
  most: number;
}

/**
 * Makes columns of types that stand on each other: drawn from the highest on, each covers the lower
 * part of the one before.
 *
 * @param shown those that are drawn; none: all
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
