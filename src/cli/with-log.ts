import { createEventLog, type EventLog } from '../server/create-event-log.ts';
import { openDatabase } from './open-database.ts';
import type { Terminal } from './terminal.ts';

/**
 * Opens the log, runs `work`, and closes everything again, also after an error. Print results
 * afterwards: a closed pipe (`… | head`) ends the process at once.
 *
 * @throws CommandError, LogUnavailableError when the log cannot be opened
 */
export async function withLog<T>(
  terminal: Terminal,
  work: (log: EventLog) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(terminal);
  try {
    terminal.signal.throwIfAborted();
    const log = await createEventLog({ uri: database.uri, onEvent: () => undefined });
    try {
      terminal.signal.throwIfAborted();
      return await work(log);
    } finally {
      await log.close();
    }
  } finally {
    await database.close();
  }
}
