import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';

/** Interval between writes, in milliseconds. */
const GATHER_MS = 1_000;
/** Maximum number of events with uncommitted counts; further redeliveries are not counted. */
const MAX_WAITING = 10_000;
/** Updates per command. */
const CHUNK = 500;

/** Counts redeliveries asynchronously, outside the webhook's path. */
export interface RedeliveryCounter {
  /** Adds one redelivery. */
  count(repeat: Pick<NewEvent, 'digest' | 'receivedAt'>): void;
  /** Writes pending counts. */
  close(): Promise<void>;
}

/**
 * Creates the counter. Counts are stored in the events' documents, so retention and erasure remove
 * them too, and a late count finds no event under an old digest.
 *
 * Redeliveries are collected for a second and written once. The count is a lower bound: pending
 * counts are lost with the process, and an unanswered write is not retried.
 */
export function createRedeliveryCounter(events: Collection<EventDocument>): RedeliveryCounter {
  let waiting = new Map<string, { digest: Buffer; times: number; lastAt: Date }>();
  let writing: Promise<void> | undefined;
  const stop = new AbortController();

  async function write(): Promise<void> {
    while (waiting.size > 0) {
      await wait(GATHER_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      const counts = [...waiting.values()];
      waiting = new Map();
      for (let start = 0; start < counts.length; start += CHUNK) {
        const updates = counts.slice(start, start + CHUNK).map(({ digest, times, lastAt }) => ({
          updateOne: {
            filter: { _id: new mongoose.mongo.Binary(digest) },
            update: { $inc: { repeats: times }, $max: { lastRepeatedAt: lastAt } },
          },
        }));
        // Not retried: a retry could count twice.
        await events.bulkWrite(updates, { ordered: false }).catch(() => undefined);
      }
    }
    writing = undefined;
  }

  return {
    count({ digest, receivedAt }) {
      const key = digest.toString('base64');
      const known = waiting.get(key);
      if (known === undefined) {
        if (waiting.size >= MAX_WAITING) return;
        waiting.set(key, { digest, times: 1, lastAt: receivedAt });
      } else {
        known.times += 1;
        if (receivedAt > known.lastAt) known.lastAt = receivedAt;
      }
      writing ??= write();
    },
    async close() {
      stop.abort();
      await writing;
    },
  };
}
