import { expect, onTestFinished } from 'vitest';
import type { NewEvent, StoredEvent } from '../../src/catalog/event.ts';
import type { AppendResult } from '../../src/log/append/types.ts';
import type { Log, LogOptions } from '../../src/log/log.ts';
import { createEventLog, type EventLog } from '../../src/server/create-event-log.ts';
import { freshDatabase } from '../utils/database.ts';
import { PATIENCE_MS } from '../utils/patience.ts';
import { testSignal } from '../utils/test-signal.ts';

/** A log with everything that its tailer has published, in order. */
export interface OpenLog {
  log: EventLog;
  published: StoredEvent[];
  /** Resolves when the position has been published. */
  until(position: number): Promise<void>;
}

/** Opens a log with timeouts that no machine exceeds; the caller closes it. */
export function openPatientLog(options: { uri: string } & Partial<LogOptions>): Promise<EventLog> {
  return createEventLog({ timeoutMs: PATIENCE_MS, onEvent: () => undefined, ...options });
}

/** Opens a log that is closed when the test has finished. */
export async function openLog(uri: string, options: Partial<LogOptions> = {}): Promise<OpenLog> {
  const published: StoredEvent[] = [];
  const waiters = new Set<() => void>();
  const log = await openPatientLog({
    uri,
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
          if (log.tailer.head() < position) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}

/**
 * Appends an event and returns the result with its position, also if it passes through the inbox.
 */
export async function appendAndFind(
  log: Pick<Log, 'appender' | 'findPosition'>,
  event: NewEvent,
): Promise<AppendResult & { position: number }> {
  const result = await log.appender.append(event, 100);
  const { position = await log.findPosition({ ...event, ...result }, PATIENCE_MS) } = result;
  if (position === undefined) throw new Error('the event has no position');
  return { ...result, position };
}

/** Appends an event again until it is acknowledged, like a retrying sender. */
export async function appendUntilTaken(
  log: EventLog,
  event: NewEvent,
): Promise<AppendResult & { position: number }> {
  const signal = testSignal();
  for (;;) {
    signal.throwIfAborted();
    const result = await appendAndFind(log, event).catch((error) => {
      expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    });
    if (result) return result;
  }
}

/** Returns the URI of an empty database that is removed when the test has finished. */
export async function emptyDatabase(): Promise<string> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  return database.uri;
}
