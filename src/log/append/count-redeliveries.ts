import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';

/** How long repeats gather before they are written, in milliseconds. */
const GATHER_MS = 1_000;
/** Events of which repeats are kept in memory at once; more are not counted. */
const MAX_WAITING = 10_000;
/** How many go in one command. */
const CHUNK = 500;

/** Counts deliveries that said again what the log already holds, beside the way of the webhook. */
export interface RedeliveryCounter {
  /** Takes one more; costs the caller nothing. */
  count(repeat: Pick<NewEvent, 'digest' | 'receivedAt'>): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

/**
 * Counts repeats in the documents of their events: so where an event goes, by retention or erasure,
 * nothing of them is left, and one that is counted late finds no event by its old digest.
 *
 * They gather for a second and are written once; where no repeat comes, nothing is written. A count
 * is a least: what waits is lost with the process, and what was not answered is not written twice.
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
        // A count is not worth a word, nor a second try that might count twice.
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
