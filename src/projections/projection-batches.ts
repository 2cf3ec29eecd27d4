import type { StoredEvent } from '../catalog/event.ts';
import type { Log } from '../log/log.ts';
import { ignoreDuplicateKey } from '../storage/duplicate-key.ts';
import { FORMAT_WITH_VIEWS, raiseFormatVersion } from '../storage/format-version.ts';
import { applyChanges } from './apply-changes.ts';
import { rebuildProjections } from './rebuild-projections.ts';

/** Bytes of memory that the events of a page take at most. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** Far less than an erasure waits between its steps: a page that took longer is looked at again. */
const SLOW_MS = 2_000;

export type ProjectedLog = Pick<Log, 'collections' | 'reader' | 'follower' | 'erasures' | 'bounds'>;

/** Folds the log, page by page, from where any process has come. */
export interface ProjectionBatches {
  /** How far the documents have come, as any process has written it. */
  reached(): Promise<number>;
  /** Folds the next page of at most so many events; returns how far the documents have come. */
  next(size: number): Promise<number>;
  /** Whether another process was faster with the last page, so that ours was given up. */
  wasLost(): boolean;
}

/**
 * Makes the way from the log into the derived documents. A page and the word of how far they have
 * come are written in one transaction; another process that folds the same page meanwhile gives up
 * its own. A page that was read before somebody was erased is never folded after.
 *
 * @param slowMs how long the writing of a page may take before it is looked at again
 */
export function createProjectionBatches(log: ProjectedLog, slowMs = SLOW_MS): ProjectionBatches {
  const { collections, reader, follower, erasures, bounds } = log;
  const { views, transaction } = collections;
  let prepared: Promise<void> | undefined;
  let isLost = false;

  /** Versions that would not erase in these documents are kept away, before there are any. */
  async function prepare(): Promise<void> {
    await raiseFormatVersion(collections.meta, FORMAT_WITH_VIEWS);
    await views
      .updateOne({ _id: 'views' }, { $setOnInsert: { foldedUpTo: 0 } }, { upsert: true })
      // Several do so at once: one writes it.
      .catch(ignoreDuplicateKey(() => undefined));
  }

  async function reached(): Promise<number> {
    prepared ??= prepare().catch((error) => {
      prepared = undefined;
      throw error;
    });
    await prepared;
    return (await views.findOne({ _id: 'views' }))?.foldedUpTo ?? 0;
  }

  /** Folds what was read, unless somebody else has, or somebody was erased since. */
  function write(after: number, upTo: number, events: StoredEvent[], epoch: number) {
    return transaction(async (session) => {
      const { foldedUpTo = 0 } = (await views.findOne({ _id: 'views' }, { session })) ?? {};
      if (foldedUpTo !== after) return foldedUpTo;
      if (!erasures.isFresh() || erasures.epoch() !== epoch) return after;
      await views.updateOne({ _id: 'views' }, { $max: { foldedUpTo: upTo } }, { session });
      await applyChanges(collections, events, session);
      return upTo;
    });
  }

  /** An erasure may have gone by while a page was being written: what it named is made anew. */
  async function mend(after: number, upTo: number, events: StoredEvent[]): Promise<void> {
    const now = await reader.read({ after, upTo }, { limit: events.length });
    const byPosition = new Map(now.events.map((event) => [event.position, event]));
    const changed = events.filter(({ position, digest, installationId }) => {
      const other = byPosition.get(position);
      return !other?.digest.equals(digest) || other.installationId !== installationId;
    });
    const idsOf = (name: 'userId' | 'installationId', of: readonly StoredEvent[]) => [
      ...new Set(of.flatMap((event) => event[name] ?? [])),
    ];
    if (changed.length === 0) return;
    await rebuildProjections(
      {
        userIds: idsOf('userId', changed),
        installationIds: idsOf('installationId', changed),
        alsoUserIds: idsOf('userId', now.events),
      },
      {
        collections,
        reader,
        after: (await bounds.ensureFresh()).removedUpTo,
        head: follower.catchUp,
      },
    );
  }

  return {
    reached,
    wasLost: () => isLost,
    async next(size) {
      isLost = false;
      const after = await reached();
      const upTo = follower.head();
      if (after >= upTo) return after;
      await erasures.ensureFresh();
      const epoch = erasures.epoch();
      const page = await reader.read({ after, upTo }, { limit: size, maxBytes: MAX_PAGE_BYTES });
      const end = Math.max(page.reached, page.from);
      const startedMs = performance.now();
      const folded = await write(after, end, page.events, epoch);
      isLost = folded !== after && folded !== end;
      if (performance.now() - startedMs > slowMs) {
        await erasures.refresh();
        if (erasures.epoch() !== epoch) await mend(after, end, page.events);
      }
      return folded;
    },
  };
}
