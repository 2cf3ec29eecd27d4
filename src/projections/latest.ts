import { credibleInstant } from '../catalog/credible-instant.ts';
import type { StoredEvent } from '../catalog/event.ts';
import { instantKey } from '../catalog/instant-key.ts';

/** When an event occurred: by its credible instant, then by its position. */
export interface Occurrence {
  readonly occurredOn: Date;
  /** The same with all digits, to compare by (`instantKey`). */
  readonly instant: string;
  readonly position: number;
}

/** Negative when `a` occurred before `b`. */
export function compareOccurrences(a: Occurrence, b: Occurrence): number {
  if (a.instant !== b.instant) return a.instant < b.instant ? -1 : 1;
  return a.position - b.position;
}

/** Returns the later of two; the first may be missing. */
export function later<T extends Occurrence>(known: T | undefined, occurrence: T): T {
  return known === undefined || compareOccurrences(known, occurrence) < 0 ? occurrence : known;
}

/** Returns the earlier of two; the first may be missing. */
export function earlier<T extends Occurrence>(known: T | undefined, occurrence: T): T {
  return known === undefined || compareOccurrences(known, occurrence) > 0 ? occurrence : known;
}

/** Returns when an event occurred, by its credible instant. */
export function occurrenceOf(
  event: Pick<StoredEvent, 'occurredOn' | 'receivedAt' | 'position'> & {
    occurredText?: string | undefined;
  },
): Occurrence {
  const occurredOn = credibleInstant(event);
  const isAsSent = occurredOn === event.occurredOn;
  const instant = instantKey(isAsSent ? event : { occurredOn });
  return { occurredOn, instant, position: event.position };
}
