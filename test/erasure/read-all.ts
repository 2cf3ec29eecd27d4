import type { StoredEvent } from '../../src/catalog/event.ts';
import type { Log } from '../../src/log/log.ts';

/** Returns all events of a log, in order. */
export async function readAll(log: Log): Promise<StoredEvent[]> {
  const upTo = await log.tailer.catchUp();
  return (await log.reader.read({ after: 0, upTo }, { limit: 10_000 })).events;
}
