import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { EventDocument } from '../storage/documents.ts';
import { FORMAT_WITH_BOUNDS, raiseFormatVersion } from '../storage/format-version.ts';
import type { Collection, Collections } from '../storage/models.ts';
import { createTelemetry } from '../telemetry.ts';
import { removeAnnounced } from './remove-announced.ts';
import type { LogState } from './state/log-state.ts';

/** Number of events per query. */
const CHUNK = 1_000;
/** Interval between runs in milliseconds, with jitter, so that instances run at different times. */
const CHECK_MS = 60_000;

/** The number of events that a run has removed, or the error that ended it. */
export const removals = createTelemetry<
  { removed: number; removedUpTo: number } | { error: unknown }
>('retention');

export interface RetentionOptions {
  collections: Pick<Collections, 'events' | 'bounds' | 'meta' | 'databaseTime'>;
  logState: LogState;
  /** The last position of the log. */
  head: () => number;
  /** How long events are kept after receipt, in milliseconds. */
  keepMs: number;
  /** Interval between runs, in milliseconds. */
  checkMs?: number;
  /** How long a removal is announced before it happens, in milliseconds. */
  announceMs?: number;
}

/** Removes old events until it is closed. */
export interface Retention {
  close(): Promise<void>;
}

/**
 * Creates the retention. It removes expired events in log order, so that the remaining log starts
 * at one position. A removal is announced first and happens when every instance knows of it, so
 * that none mistakes a half-removed page for a whole one. The last event always stays: it marks the
 * end of the log. Any number of instances may run it.
 */
export function createRetention(options: RetentionOptions): Retention {
  const { checkMs = CHECK_MS } = options;
  const stop = new AbortController();
  const pause = (delayMs: number) =>
    wait(delayMs, undefined, { signal: stop.signal }).catch(() => undefined);

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const removedUpTo = await announce(options);
        const removed = await removeAnnounced({ ...options, pause, signal: stop.signal });
        if (removed > 0) removals.publish({ removed, removedUpTo });
      } catch (error) {
        removals.publish({ error });
      }
      await pause(checkMs / 2 + randomInt(checkMs));
    }
  }

  const running = run();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

/** Moves the watermark to the last event before the first unexpired one. */
async function announce(options: RetentionOptions): Promise<number> {
  const { collections, logState, head, keepMs } = options;
  const { removedUpTo } = await logState.refresh();
  // The earlier of two clocks: one that is ahead would remove events that must be kept.
  const nowMs = Math.min(Date.now(), (await collections.databaseTime()).getTime());
  const cutoff = new Date(nowMs - keepMs);
  const target = await lastBefore(collections.events, cutoff, removedUpTo, head() - 1, logState);
  if (target <= removedUpTo) return removedUpTo;
  await raiseFormatVersion(collections.meta, FORMAT_WITH_BOUNDS);
  await collections.bounds.updateOne(
    { _id: 'bounds' },
    { $max: { removedUpTo: target } },
    { upsert: true },
  );
  return (await logState.refresh()).removedUpTo;
}

/** Returns the last position up to which every event was received before the cutoff. */
async function lastBefore(
  events: Collection<EventDocument>,
  cutoff: Date,
  after: number,
  upTo: number,
  logState: LogState,
): Promise<number> {
  let position = after;
  while (position < upTo) {
    const from = logState.following(position) - 1;
    const page = await events
      .find(
        { position: { $gt: from, $lte: Math.min(from + CHUNK, upTo) } },
        { projection: { _id: 0, position: 1, receivedAt: 1 }, sort: { position: 1 } },
      )
      .toArray();
    const kept = page.find(({ receivedAt }) => receivedAt >= cutoff);
    if (kept) return page.findLast((event) => event.position < kept.position)?.position ?? position;
    const last = page.at(-1)?.position;
    if (last === undefined) return position;
    position = last;
  }
  return position;
}
