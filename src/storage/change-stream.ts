import { setTimeout as wait } from 'node:timers/promises';
import type mongoose from 'mongoose';
import type { Collection } from './models.ts';

/** Pauses before a lost change stream is opened again, in milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** How long the server waits for an insert before it answers, in milliseconds. */
const AWAIT_MS = 2_000;
/** How long the stream may take to close; its connection is closed next in any case. */
const CLOSE_TIMEOUT_MS = 2_000;

export interface WatchOptions<T> {
  /** Further conditions for the change stream's `$match`. */
  match?: Record<string, unknown>;
  /**
   * Called with each inserted document; the next one waits for the promise. `more` is true when
   * another one has arrived with it.
   */
  onInsert: (document: T, more: boolean) => void | Promise<void>;
  /** Called when the stream is open; after a loss some inserts have been missed. */
  onOpen: () => void;
  onLost?: () => void;
  /** Called for each answer of the server, about every two seconds while nothing is inserted. */
  onAnswer?: () => void;
  /**
   * How long notifications gather before the next getMore, in milliseconds. While documents are
   * written one after the other, a getMore for each costs the database and every process more than
   * the documents. The first one after a pause is reported at once.
   */
  gatherMs: () => number;
}

/**
 * Keeps a change stream open on the inserts into a collection. After a short loss the driver
 * resumes it by its token; after a longer one it is reopened from the present.
 *
 * A stream stays on the member where it was opened, also when that is no longer the primary and
 * lags behind: `reopen` moves it to the present primary.
 */
export function watchInserts<T extends mongoose.mongo.Document>(
  collection: Collection<T>,
  { match, onInsert, onOpen, onLost, onAnswer, gatherMs }: WatchOptions<T>,
) {
  const stop = new AbortController();
  let stream = open();
  let reopen: () => void = () => undefined;

  function open() {
    return collection.watch<T>([{ $match: { operationType: 'insert', ...match } }], {
      maxAwaitTimeMS: AWAIT_MS,
    });
  }

  /**
   * Resolves when the server has closed the stream's cursor, which would never deliver again, or
   * after an abort, with the next answer.
   */
  async function readChanges(onAlive: () => void, { signal }: AbortController): Promise<void> {
    const own = stream;
    // The first answer to `tryNext` comes after a wait for inserts; the token comes when the stream
    // is open.
    own.once('resumeTokenChanged', onAlive);
    for (;;) {
      const change = await own.tryNext();
      if (signal.aborted || (change === null && own.closed)) return;
      onAlive();
      onAnswer?.();
      const more = own.bufferedCount() > 0;
      if (change?.operationType === 'insert') await onInsert(change.fullDocument, more);
      if (!more) await wait(gatherMs());
    }
  }

  async function run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!stop.signal.aborted) {
      let isOpen = false;
      const over = new AbortController();
      const left = new Promise<void>((resolve) => {
        reopen = resolve;
      });
      const onAlive = () => {
        if (isOpen || over.signal.aborted) return;
        isOpen = true;
        pauseMs = FIRST_PAUSE_MS;
        onOpen();
      };
      // The poll reports an unavailable database; here the stream is only reopened.
      await Promise.race([readChanges(onAlive, over).catch(() => undefined), left]);
      over.abort();
      // Not awaited: the member may not answer.
      void stream.close().catch(() => undefined);
      if (stop.signal.aborted) return;
      onLost?.();
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      if (stop.signal.aborted) return;
      stream = open();
    }
  }

  const running = run();
  return {
    /** Leaves the member where the stream was opened, as when another one is the primary. */
    reopen: () => reopen(),
    async close() {
      stop.abort();
      const ended = Promise.all([stream.close().catch(() => undefined), running]);
      // A stream that the driver is resuming may never report that it is closed.
      const given = new AbortController();
      const timeout = wait(CLOSE_TIMEOUT_MS, undefined, { signal: given.signal });
      await Promise.race([ended, timeout.catch(() => undefined)]);
      given.abort();
    },
  };
}
