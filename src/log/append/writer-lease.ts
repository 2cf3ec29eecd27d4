import { DURABLE } from '../../storage/concerns.ts';
import type { WriterDocument } from '../../storage/documents.ts';
import { isDuplicateKey } from '../../storage/duplicate-key.ts';
import type { Collection } from '../../storage/models.ts';
import type { Clock } from './clock.ts';
import {
  isHeld,
  type LeaseAction,
  type LeaseOutcome,
  type LeaseState,
  leaseTimes,
  stepLease,
} from './writer-lease-step.ts';

/** Write concern of the lease, with the time a majority may take. */
const WRITE = { writeConcern: { ...DURABLE, wtimeoutMS: 2_000 } } as const;

/** Why an instance took the lease: it was free, or its holder had stopped renewing it. */
export type TakeReason = 'free' | 'expired';

export interface WriterLease {
  /** True while this instance holds the lease. */
  isHeld(): boolean;
  /** Checks now whether the lease is still held, as after a lost race. */
  check(): void;
  /** Resolves when the holder is first known, or the first attempt has failed. */
  readonly settled: Promise<void>;
  /** Releases the lease and stops. */
  close(): Promise<void>;
}

export interface WriterLeaseOptions {
  writer: Collection<WriterDocument>;
  clock: Clock;
  /** Unique for this opening of the log. */
  self: string;
  /** True if no other instance can run; an abandoned lease is then taken at once. */
  isSole?: boolean | undefined;
  /** True while this instance waits for its inbox entries to be moved. */
  isWaiting: () => boolean;
  /** Called when the lease is taken, and when its loss is noticed. */
  onChange: (isHolder: boolean, reason?: TakeReason) => void;
}

/**
 * Takes and renews the writer lease. Its holder appends directly, and the other instances use the
 * inbox. Only speed depends on it: the unique index on `position` keeps the log dense with any
 * number of writers.
 */
export function createWriterLease(options: WriterLeaseOptions): WriterLease {
  const { writer, clock, self, isSole = false, isWaiting, onChange } = options;
  let state: LeaseState = { phase: 'watching', sinceMs: clock.nowMs() };
  /** How often this instance has tried to write the lease. */
  let attempts = 0;
  let isStopped = false;
  let wake = new AbortController();
  let settle: () => void;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });

  /**
   * Never the same value twice, whatever the database has. Otherwise a lease that changed hands and
   * returned, or that was renewed after a restore of the database, could look unchanged.
   */
  function nextCounter(): number {
    attempts += 1;
    return attempts;
  }

  /** Performs one action on the lease document. */
  async function attempt(action: LeaseAction): Promise<LeaseOutcome> {
    try {
      switch (action.kind) {
        case 'read':
          return { kind: 'read', document: await writer.findOne({ _id: 'writer' }) };
        case 'create':
          await writer.insertOne({ _id: 'writer', holder: self, counter: nextCounter() }, WRITE);
          return { kind: 'written' };
        case 'take': {
          const { holder, counter } = action.from;
          // By value, whatever its type; in MongoDB, null also matches a missing field.
          const from = {
            holder: { $eq: holder ?? null },
            counter: { $eq: counter ?? (null as never) },
          };
          const next = { holder: self, counter: nextCounter() };
          return toOutcome(
            await writer.updateOne({ _id: 'writer', ...from }, { $set: next }, WRITE),
          );
        }
        case 'renew':
          return toOutcome(
            await writer.updateOne(
              { _id: 'writer', holder: self },
              { $set: { counter: nextCounter() } },
              WRITE,
            ),
          );
      }
    } catch (error) {
      return isDuplicateKey(error) ? { kind: 'lost' } : { kind: 'unclear' };
    }
  }

  async function run(): Promise<void> {
    let action: LeaseAction = { kind: 'read', afterMs: 0 };
    while (!isStopped) {
      if ('afterMs' in action && action.afterMs > 0) {
        wake = new AbortController();
        await clock.wait(action.afterMs, wake.signal);
        if (isStopped) return;
      }
      const before = state.phase;
      const sentMs = clock.nowMs();
      const outcome = await attempt(action);
      const context = { self, times: leaseTimes, sentMs, nowMs: clock.nowMs() };
      const reason = action.kind === 'take' ? action.reason : 'free';
      const next = stepLease(state, outcome, { ...context, isWaiting: isWaiting(), isSole });
      ({ state, action } = next);
      if (before !== state.phase) onChange(state.phase === 'holding', reason);
      if (!('afterMs' in action) || (action.kind === 'renew' && action.afterMs === 0)) continue;
      settle();
    }
  }

  const running = run();
  return {
    isHeld: () => isHeld(state, clock.nowMs(), leaseTimes),
    check: () => wake.abort(),
    settled,
    async close() {
      isStopped = true;
      wake.abort();
      await running;
      settle();
      if (state.phase !== 'holding') return;
      const handOver = { $set: { holder: null, counter: nextCounter() } };
      await writer
        .updateOne({ _id: 'writer', holder: self }, handOver, WRITE)
        .catch(() => undefined);
    },
  };
}

function toOutcome({ matchedCount }: { matchedCount: number }): LeaseOutcome {
  return { kind: matchedCount === 1 ? 'written' : 'lost' };
}
