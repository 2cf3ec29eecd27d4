import { setTimeout as wait } from 'node:timers/promises';
import type { Collection, Collections } from '../storage/models.ts';
import type { SeenDocument } from '../storage/projection-documents.ts';
import type { DerivedName } from './derive-changes.ts';
import type { ProjectedLog } from './projection-batches.ts';

/** Positions that one look covers at first, and how many documents go in one transaction. */
const WINDOW = 50_000;
const WIDENING = 8;
const CHUNK = 1_000;

interface SweepOptions {
  everyMs: number;
  signal: AbortSignal;
  onFault: ((error: unknown) => void) | undefined;
}

/**
 * Removes, now and then, the derived documents of which retention has left no event, until the signal
 * ends it. Nobody is shown them before: lists ask for what has an event.
 */
export async function pruneProjections(
  { collections, bounds }: ProjectedLog,
  { everyMs, signal, onFault }: SweepOptions,
): Promise<void> {
  let sweptUpTo = 0;
  let times = 0;
  while (!signal.aborted) {
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const { removedUpTo } = await bounds.ensureFresh();
      if (removedUpTo > sweptUpTo) times = 0;
      sweptUpTo = removedUpTo;
      // Once more than it seems to need: a page that was read before may have been folded after.
      if (removedUpTo === 0 || times >= 2) continue;
      await pruneOnce(collections, removedUpTo, signal);
      times += 1;
    } catch (error) {
      onFault?.(error);
    }
  }
}

/** Removes the documents that have no event behind a position. */
export async function pruneOnce(
  collections: Collections,
  removedUpTo: number,
  signal: AbortSignal,
): Promise<void> {
  for (const name of ['users', 'installations', 'userInstallations', 'messages'] as const) {
    await sweep(collections, name, removedUpTo, signal);
  }
}

async function sweep(
  collections: Collections,
  name: DerivedName,
  removedUpTo: number,
  signal: AbortSignal,
): Promise<void> {
  const documents = collections[name] as unknown as Collection<SeenDocument & { _id: string }>;
  const gone = { lastPosition: { $lte: removedUpTo } };
  for (let low = 0, window = WINDOW; low < removedUpTo && !signal.aborted; ) {
    const high = Math.min(low + window, removedUpTo);
    const found = await documents
      .find(
        { position: { $gt: low, $lte: high }, ...gone },
        { projection: { position: 1 }, sort: { position: 1 }, limit: CHUNK },
      )
      .toArray();
    const ids = found.map(({ _id }) => _id);
    // Each is asked once more: it may have got an event since.
    await collections.transaction(async (session) => {
      if (ids.length > 0) await documents.deleteMany({ _id: { $in: ids }, ...gone }, { session });
    });
    if (found.length < CHUNK) low = high;
    else low = found.at(-1)?.position ?? high;
    if (found.length === 0) window *= WIDENING;
  }
}
