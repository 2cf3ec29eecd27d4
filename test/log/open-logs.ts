import { onTestFinished } from 'vitest';
import type { StoredEvent } from '../../src/catalog/event.ts';
import {
  createEventLog,
  type EventLog,
  type EventLogOptions,
} from '../../src/server/create-event-log.ts';
import { freshDatabase } from '../utils/database.ts';

/** A log with all that its follower has published, in that order. */
export interface OpenLog {
  log: EventLog;
  published: StoredEvent[];
  /** Resolves when the position has been published. */
  until(position: number): Promise<void>;
}

/** How slow the machine is, is not what the tests are about; those that are say it themselves. */
const PATIENCE_MS = 25_000;

/** Opens a log and closes it when the test has finished. */
export async function openLog(
  uri: string,
  options: Partial<EventLogOptions> = {},
): Promise<OpenLog> {
  const published: StoredEvent[] = [];
  const waiters = new Set<() => void>();
  const log = await createEventLog({
    uri,
    timeoutMs: PATIENCE_MS,
    onEvent(event) {
      published.push(event);
      for (const waiter of waiters) waiter();
    },
    ...options,
  });
  onTestFinished(() => log.close());
  return {
    log,
    published,
    until: (position) =>
      new Promise((resolve) => {
        const check = () => {
          if (log.follower.head() < position) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}

/** The URI of an empty database that goes when the test has finished. */
export async function emptyDatabase(): Promise<string> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  return database.uri;
}
