import { setTimeout as wait } from 'node:timers/promises';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';

/** Delays before a lost change stream is reopened, in milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/**
 * How long notifications are collected before the next request, in milliseconds. Under continuous
 * writes one request per notification would cost more than the events. A single notification is
 * delivered at once; only the following request waits.
 */
const GATHER_MS = 5;
/** Time limit to close the stream, in milliseconds; its connection is closed next in any case. */
const CLOSE_TIMEOUT_MS = 2_000;

export interface WatchOptions {
  /** Receives positions of inserted events as hints; with many at once, only some of them. */
  onPosition: (position: number) => void;
  /** Called when the stream is open again after a loss: notifications may be missing. */
  onReopened: () => void;
}

/**
 * Keeps a change stream open on the log. It carries positions only, since events are read from the
 * log. The driver resumes it by its token after short losses; after longer ones it is opened again
 * at the present.
 */
export function watchInserts(
  collection: Collection<EventDocument>,
  { onPosition, onReopened }: WatchOptions,
) {
  const stop = new AbortController();
  let stream = open();

  function open() {
    return collection.watch<EventDocument>(
      [
        { $match: { operationType: 'insert', 'fullDocument.bell': true } },
        { $project: { operationType: 1, 'fullDocument.position': 1 } },
      ],
      { maxAwaitTimeMS: 1_000 },
    );
  }

  /** Resolves when the server has ended the cursor, after which nothing would arrive. */
  async function readOn(onOpen: () => void): Promise<void> {
    for (;;) {
      const change = await stream.tryNext();
      if (change === null && stream.closed) return;
      onOpen();
      if (change?.operationType === 'insert') onPosition(change.fullDocument.position);
      if (stream.bufferedCount() === 0) await wait(GATHER_MS);
    }
  }

  async function run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!stop.signal.aborted) {
      // The poll detects an unavailable database; here the stream is only reopened.
      await readOn(() => {
        pauseMs = FIRST_PAUSE_MS;
      }).catch(() => undefined);
      await stream.close().catch(() => undefined);
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      if (stop.signal.aborted) return;
      stream = open();
      onReopened();
    }
  }

  const running = run();
  return {
    async close() {
      stop.abort();
      const ended = Promise.all([stream.close().catch(() => undefined), running]);
      // A stream that the driver is resuming on a cut connection may never respond.
      const given = new AbortController();
      const timeout = wait(CLOSE_TIMEOUT_MS, undefined, { signal: given.signal });
      await Promise.race([ended, timeout.catch(() => undefined)]);
      given.abort();
    },
  };
}
