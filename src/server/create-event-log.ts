import { createEraser, type Eraser } from '../erasure/eraser.ts';
import { createLogIn, type Log, type LogOptions } from '../log/log.ts';
import { createStatistics, type Statistics } from '../statistics/create-statistics.ts';
import { type OpenedStorage, openStorage } from '../storage/open-storage.ts';

/** The log with what works on all of it: erasure and statistics. */
export interface EventLog extends Log {
  readonly eraser: Eraser;
  readonly statistics: Statistics;
}

/**
 * Opens the log of a database and starts to follow it.
 *
 * @throws LogUnavailableError when the database cannot be used
 */
export async function createEventLog({ uri, ...options }: LogOptions): Promise<EventLog> {
  return createEventLogIn(await openStorage(uri), options);
}

/** Starts to follow the log of an opened storage, which is closed with the log. */
export async function createEventLogIn(
  storage: OpenedStorage,
  options: Omit<LogOptions, 'uri'>,
): Promise<EventLog> {
  const log = await createLogIn(storage, options);
  const { collections, state: logState, tailer } = log;
  const eraser = createEraser({
    ...{ collections, hashContact: log.hashContact, logState },
    ...{ reader: log.reader, rawReader: log.rawReader },
    head: tailer.catchUp,
    announceMs: options.erasureAnnounceMs,
  });
  const statistics = createStatistics({
    ...{ events: collections.events, logState, head: tailer.head },
  });
  return {
    ...log,
    eraser,
    statistics,
    async close() {
      await eraser.close();
      await log.close();
    },
  };
}
