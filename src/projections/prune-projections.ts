import { setTimeout as wait } from 'node:timers/promises';
import type { Collection, Collections } from '../storage/models.ts';
import { type ProjectionDocument, projectionNames } from '../storage/projection-documents.ts';
import type { DerivedName } from './derive-changes.ts';
import type { ProjectedLog } from './projection-batches.ts';
import { faults } from './telemetry.ts';

/** Initial number of positions per search, and maximum number of documents per transaction. */
const WINDOW = 50_000;
const WIDENING = 8;
const CHUNK = 1_000;

interface SweepOptions {
  everyMs: number;
  signal: AbortSignal;
}

/**
 * Periodically removes projection documents whose events retention has removed, until the signal is
 * aborted. Lists do not show such documents in the meantime.
 */
export async function pruneProjections(
  { collections, state }: ProjectedLog,
  { everyMs, signal }: SweepOptions,
): Promise<void> {
  let sweptUpTo = 0;
  let times = 0;
  while (!signal.aborted) {
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const { removedUpTo } = await state.ensureFresh();
      if (removedUpTo > sweptUpTo) times = 0;
      sweptUpTo = removedUpTo;
      // Runs twice: a batch that was read before the removal may have been applied after the first
      // run.
      if (removedUpTo === 0 || times >= 2) continue;
      await pruneOnce(collections, removedUpTo, signal);
      times += 1;
    } catch (error) {
      faults.publish(error);
    }
  }
}

/** Removes the documents without an event after a position. */
export async function pruneOnce(
  collections: Collections,
  removedUpTo: number,
  signal: AbortSignal,
): Promise<void> {
  for (const name of projectionNames) {
    await sweep(collections, name, removedUpTo, signal);
  }
}

async function sweep(
  collections: Collections,
  name: DerivedName,
  removedUpTo: number,
  signal: AbortSignal,
): Promise<void> {
  const documents = collections[name] as unknown as Collection<
    ProjectionDocument & { _id: string }
  >;
  const isRemoved = { lastPosition: { $lte: removedUpTo } };
  for (let low = 0, window = WINDOW; low < removedUpTo && !signal.aborted; ) {
    const high = Math.min(low + window, removedUpTo);
    const found = await documents
      .find(
        { position: { $gt: low, $lte: high }, ...isRemoved },
        { projection: { position: 1 }, sort: { position: 1 }, limit: CHUNK },
      )
      .toArray();
    const ids = found.map(({ _id }) => _id);
    // Checks each document again within the transaction: it may have received an event since.
    await collections.transaction(async (session) => {
      if (ids.length > 0)
        await documents.deleteMany({ _id: { $in: ids }, ...isRemoved }, { session });
    });
    // Documents of one event share its position, and the next chunk may have the rest of them.
    low = found.length < CHUNK ? high : (found.at(-1)?.position ?? high) - 1;
    if (found.length === 0) window *= WIDENING;
  }
}
