import { setTimeout as wait } from 'node:timers/promises';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';

/** Pauses before a lost change stream is opened again, in milliseconds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/**
 * How long notifications gather before they are asked for again, in milliseconds. While events are
 * written one after the other, asking for each cost the database and every process more than the
 * events themselves. One that comes alone is told at once: then the asking waits for it.
 */
const GATHER_MS = 5;
/** How long the stream may take to close; its connection is closed next in any case. */
const CLOSE_TIMEOUT_MS = 2_000;

export interface WatchOptions {
  /** Gets positions of events that any process has inserted, as hints; not of each of many at once. */
  onPosition: (position: number) => void;
  /** Called when the stream is open again after a loss: some positions may have been missed. */
  onReopened: () => void;
}

/**
 * Keeps one change stream open on the log. It carries positions only, since the events are read
 * from the log in any case; the driver resumes it by its token over short losses, and after a
 * longer one it is opened anew from the present.
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

  /** Resolves when the server has ended the stream's cursor: nothing would ever come. */
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
      // The poll says whether the database is away; here it only matters to come back.
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
      // One that the driver is just resuming, after its connection was cut, may never say so.
      const given = new AbortController();
      const timeout = wait(CLOSE_TIMEOUT_MS, undefined, { signal: given.signal });
      await Promise.race([ended, timeout.catch(() => undefined)]);
      given.abort();
    },
  };
}
