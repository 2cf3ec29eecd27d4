import type { StoredEvent } from '../../catalog/event.ts';

/** Maximum events; further ones are read from the log. */
const MAX_EVENTS = 10_000;

/** Events of this process that arrived before others with lower positions. */
export interface ReorderBuffer {
  add(event: StoredEvent): void;
  /** Removes and returns the event at a position. */
  take(position: number): StoredEvent | undefined;
  /** Removes all events up to a position. */
  forget(upTo: number): void;
  clear(): void;
}

export function createReorderBuffer(): ReorderBuffer {
  const events = new Map<number, StoredEvent>();
  return {
    add(event) {
      if (events.size < MAX_EVENTS) events.set(event.position, event);
    },
    take(position) {
      const event = events.get(position);
      events.delete(position);
      return event;
    },
    forget(upTo) {
      for (const position of events.keys()) if (position <= upTo) events.delete(position);
    },
    clear: () => events.clear(),
  };
}
