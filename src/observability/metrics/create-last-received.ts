import { catalog, UNKNOWN } from '../../catalog/catalog.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import type { LogReader } from '../../log/read/log-reader.ts';

/** When the last event of each type was received, in milliseconds since 1970. */
export interface LastReceived extends Iterable<readonly [type: string, atMs: number]> {
  add(event: Pick<StoredEvent, 'type' | 'receivedAt'>): void;
  /** When the last event of any type was received; without any, when observation started. */
  latest(): number;
  /**
   * Reads the log for types without an event since the start.
   * @throws LogUnavailableError
   */
  recall(reader: Pick<LogReader, 'read'>, head: number): Promise<void>;
}

export function createLastReceived(): LastReceived {
  const times = new Map<string, number>();
  const startedAtMs = Date.now();

  function add({ type, receivedAt }: Pick<StoredEvent, 'type' | 'receivedAt'>): void {
    const atMs = receivedAt.getTime();
    if (atMs > (times.get(type) ?? Number.NEGATIVE_INFINITY)) times.set(type, atMs);
  }

  return {
    add,
    latest: () => (times.size > 0 ? Math.max(...times.values()) : startedAtMs),
    async recall(reader, head) {
      for (const type of [...catalog.map(({ name }) => name), UNKNOWN]) {
        const options = { filter: { types: [type] }, limit: 1, direction: 'backward' } as const;
        const { events } = await reader.read({ after: 0, upTo: head }, options);
        for (const event of events) add(event);
      }
    },
    [Symbol.iterator]: () => times.entries(),
  };
}
