/** Maximum number of events in a list; older ones stay in the log. */
export const MAX_KEPT = 10_000;
/** Trimmed in chunks, which makes the cost per event negligible. */
const SLACK = 1_000;

/** Bounded buffer of the newest items, in order. */
export interface EventBuffer<T> {
  /** Oldest first. Read-only, and valid until the buffer changes. */
  items(): readonly T[];
  /** Number of items ever pushed. */
  pushed(): number;
  /** Whether items were evicted. */
  isCut(): boolean;
  /** Returns true when older items were evicted for it. */
  push(item: T): boolean;
  /** Adds items before all others. */
  unshift(older: readonly T[]): void;
}

/** Creates a buffer with bounded memory. */
export function createEventBuffer<T>(most: number = MAX_KEPT): EventBuffer<T> {
  let items: T[] = [];
  let pushed = 0;
  let isCut = false;
  return {
    items: () => items,
    pushed: () => pushed,
    isCut: () => isCut,
    push(item) {
      items.push(item);
      pushed += 1;
      if (items.length < most + SLACK) return false;
      items = items.slice(-most);
      isCut = true;
      return true;
    },
    unshift(older) {
      items = [...older, ...items];
    },
  };
}
