import type { NewEvent, StoredEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import { commitBatch, type Entry } from './commit-batch.ts';
import type { Collection, EventDocument } from './models.ts';

/** Bounds of one batch: the database gets it as a single message. */
const MAX_BATCH_EVENTS = 1_000;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** What became of an appended event. A duplicate has the position of the first one. */
export interface AppendResult {
  status: 'stored' | 'duplicate';
  position: number;
}

export interface AppenderOptions {
  collection: Collection<EventDocument>;
  /** A position that is known to be durable on a majority, as all before it; 0 for none. */
  durableHead: () => number;
  /** Gets the events of this process once they are durable, in order of position. */
  onAppended: (events: StoredEvent[]) => void;
  /** How many events may wait, and how many bytes they may have together; more are refused. */
  maxWaiting?: number;
  maxWaitingBytes?: number;
  /** How long an event may wait, counted from its arrival, in milliseconds. */
  patienceMs?: number;
}

export interface Appender {
  /**
   * Appends an event and resolves when it is durable on a majority, and not before.
   *
   * @param sizeBytes about how large it is; it only keeps batches within the database's message
   * @throws LogUnavailableError when that did not come about in time; the event may be stored all
   *   the same, and sending it again is answered as a duplicate then
   * @throws UnstorableError when the database will never take this event
   */
  append(event: NewEvent, sizeBytes: number): Promise<AppendResult>;
  /** True while too many events wait. */
  full(): boolean;
  /** Refuses what comes from now on, and resolves when all that waits has been settled. */
  close(): Promise<void>;
}

/**
 * Group commit: while one insert is on its way, the next events gather, then go in one insert. The
 * batches follow the load by themselves, and an event alone waits for nobody.
 */
export function createAppender(options: AppenderOptions): Appender {
  const { collection, durableHead, onAppended, patienceMs = 5_000 } = options;
  const { maxWaiting = 20_000, maxWaitingBytes = 64 * 1024 * 1024 } = options;
  /** Waiting or being written, by digest: a repeat that comes meanwhile shares the outcome. */
  const underway = new Map<string, Entry>();
  let waiting: Entry[] = [];
  let underwayBytes = 0;
  /** The last durable position that was written here. */
  let ownHead = 0;
  let working: Promise<void> | undefined;
  let closed = false;

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const batch = takeBatch();
      try {
        const floor = () => Math.max(ownHead, durableHead());
        ownHead = await commitBatch({ collection, floor, batch, onAppended });
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    working = undefined;
  }

  function takeBatch(): Entry[] {
    let bytes = 0;
    const end = waiting.findIndex((entry, index) => {
      bytes += entry.sizeBytes;
      return index > 0 && (index >= MAX_BATCH_EVENTS || bytes > MAX_BATCH_BYTES);
    });
    const batch = end === -1 ? waiting : waiting.slice(0, end);
    waiting = end === -1 ? [] : waiting.slice(end);
    return batch;
  }

  return {
    append(event, sizeBytes) {
      if (closed) return Promise.reject(new LogUnavailableError('The server is stopping.'));
      const key = event.digest.toString('base64');
      const first = underway.get(key);
      if (first) {
        return first.result.then(({ position }) => ({ status: 'duplicate', position }));
      }
      const { promise, resolve, reject } = withResolvers<AppendResult>();
      const settled = () => {
        // Once only: a later delivery of the same may be under way by now.
        if (underway.get(key) !== entry) return;
        underway.delete(key);
        underwayBytes -= sizeBytes;
      };
      const entry: Entry = {
        key,
        event,
        sizeBytes,
        deadlineMs: performance.now() + patienceMs,
        result: promise,
        resolve(result) {
          settled();
          resolve(result);
        },
        reject(reason) {
          settled();
          reject(reason);
        },
      };
      underway.set(key, entry);
      underwayBytes += sizeBytes;
      waiting.push(entry);
      working ??= work();
      return promise;
    },
    full: () => underway.size >= maxWaiting || underwayBytes >= maxWaitingBytes,
    async close() {
      closed = true;
      await working;
    },
  };
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
