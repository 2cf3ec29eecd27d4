import { setTimeout as wait } from 'node:timers/promises';
import { LogUnavailableError } from '../../errors.ts';
import { DURABLE } from '../../storage/concerns.ts';
import type { WriteProbeDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { createTelemetry } from '../../telemetry.ts';

/** How long a probe may take, in milliseconds. */
const SILENCE_MS = 3_000;
/** Maximum pending probes: each occupies a connection. */
const MAX_UNANSWERED = 5;

/** The database has stopped accepting writes, or accepts them again. */
export const writeStates = createTelemetry<{ writable: boolean; error?: unknown }>('writable');

export interface WriteProbeOptions {
  trials: Collection<WriteProbeDocument>;
  /** True while the database is known to be unavailable; writes are not judged then. */
  isAway: () => boolean;
  /** Delay between a failed probe and the next, in milliseconds. */
  everyMs?: number;
}

/** Detects whether the database accepts writes: it may be readable and yet full or read-only. */
export interface WriteProbe {
  /** Reports that an event could not be stored. */
  suspect(): void;
  /** Reports that the database is reachable again; earlier results no longer apply. */
  onBack(): void;
  writable(): boolean;
  close(): Promise<void>;
}

/**
 * Creates the probe. It costs nothing while events are stored. After a failure it writes a small
 * document until one is majority-durable: while the instance is not ready it receives no events
 * that would tell.
 */
export function createWriteProbe({
  trials,
  isAway,
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
    writeStates.publish({ writable, error });
  }

  function write(): Promise<unknown> {
    unanswered += 1;
    const trial = trials
      .updateOne(
        { _id: 'write-trial' },
        { $set: { triedAt: new Date() } },
        {
          upsert: true,
          writeConcern: { ...DURABLE, wtimeoutMS: SILENCE_MS },
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
    // A probe on a dead connection waits long; the next one uses another connection.
    if (unanswered >= MAX_UNANSWERED) {
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

  /** One probe serves many concurrent failures. */
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
