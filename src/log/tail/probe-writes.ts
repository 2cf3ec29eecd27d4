import { setTimeout as wait } from 'node:timers/promises';
import { LogUnavailableError } from '../../errors.ts';
import type { WriteTrialDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';

/** How long the database may take for a trial, in milliseconds. */
const SILENCE_MS = 3_000;
/** Trials that may be without an answer at once: each holds a connection. */
const MOST_UNANSWERED = 5;

export interface WriteProbeOptions {
  trials: Collection<WriteTrialDocument>;
  /** Whether it is known that the database is away altogether: then nothing is said of writes. */
  isAway: () => boolean;
  /** Told when the database takes no writes, and when it does again. */
  onState?: ((state: { writable: boolean; error?: unknown }) => void) | undefined;
  /** How long after a trial that failed the next one follows, in milliseconds. */
  everyMs?: number;
}

/** Knows whether the database takes writes: it may be followed and be full, say, or read-only. */
export interface WriteProbe {
  /** To be called when an event could not be stored. */
  suspect(): void;
  /** To be called when the database was away and is back: what was found out before is of then. */
  onBack(): void;
  writable(): boolean;
  close(): Promise<void>;
}

/**
 * Costs nothing while events are stored. After one that was not, a small write of its own is tried
 * until it is durable on a majority: where nobody is sent any more, no event would tell.
 */
export function createWriteProbe({
  trials,
  isAway,
  onState,
  everyMs = 1_000,
}: WriteProbeOptions): WriteProbe {
  let writable = true;
  let trying: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let unanswered = 0;
  let closed = false;

  function setWritable(next: boolean, error?: unknown): void {
    if (closed || next === writable) return;
    writable = next;
    onState?.({ writable, error });
  }

  function write(): Promise<unknown> {
    unanswered += 1;
    const trial = trials
      .updateOne(
        { _id: 'write-trial' },
        { $set: { triedAt: new Date() } },
        {
          upsert: true,
          writeConcern: { w: 'majority', journal: true, wtimeoutMS: SILENCE_MS },
        },
      )
      .finally(() => {
        unanswered -= 1;
      });
    return Promise.race([trial, silence(SILENCE_MS)]);
  }

  function probe(): void {
    timer = undefined;
    if (closed) return;
    triedAtMs = performance.now();
    // One whose connection is dead hears nothing for long; the next one has another connection.
    if (unanswered >= MOST_UNANSWERED) {
      tryLater();
      return;
    }
    trying = write()
      .then(
        () => setWritable(true),
        (error) => {
          if (!isAway()) setWritable(false, error);
          tryLater();
        },
      )
      .finally(() => {
        trying = undefined;
      });
  }

  /** Where much is refused at once, one trial tells of all. */
  function tryLater(): void {
    if (closed) return;
    timer ??= setTimeout(probe, Math.max(0, triedAtMs + everyMs - performance.now()));
  }

  return {
    suspect() {
      if (trying === undefined) tryLater();
    },
    onBack: () => setWritable(true),
    writable: () => writable,
    async close() {
      closed = true;
      clearTimeout(timer);
      await trying;
    },
  };
}

async function silence(ms: number): Promise<never> {
  await wait(ms, undefined, { ref: false });
  throw new LogUnavailableError('The database does not answer.');
}
