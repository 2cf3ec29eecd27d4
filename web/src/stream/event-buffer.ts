/** How many events a list keeps; the older ones stay in the log. */
export const MOST_KEPT = 10_000;
/** Trimmed in pieces, so that it costs nothing an event. */
const SLACK = 1_000;

/** The newest of what was pushed, in its order, and no more than a number of them. */
export interface EventBuffer<T> {
  /** From the oldest on. Not to be changed; good until the next change of the buffer. */
  items(): readonly T[];
  /** How many were pushed, with those that were let go. */
  pushed(): number;
  /** Whether some were let go. */
  isCut(): boolean;
  /** True when older ones were let go for it. */
  push(item: T): boolean;
  /** What comes before all the others. */
  unshift(older: readonly T[]): void;
}

/** Makes a buffer; the memory is bounded however long the page is open. */
export function createEventBuffer<T>(most: number = MOST_KEPT): EventBuffer<T> {
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
