import type { StoredEvent } from '../catalog/event.ts';
import type { Log } from '../log/log.ts';
import type { Filter } from '../log/read/filter.ts';
import { ensureReached } from '../log/tail/ensure-reached.ts';
import { checkCheckpoint } from '../storage/check-meta.ts';
import { ignoreDuplicateKey } from '../storage/duplicate-key.ts';
import { FORMAT_WITH_PROJECTIONS, raiseFormatVersion } from '../storage/format-version.ts';
import { applyChanges } from './apply-changes.ts';
import { clearOutdated, RULES } from './clear-outdated.ts';
import { rebuildProjections } from './rebuild-projections.ts';

/** Maximum events and bytes of events per batch. */
export const MAX_BATCH_EVENTS = 4_000;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/**
 * Slower writes are checked for an erasure that began meanwhile. Far below ERASURE_ANNOUNCE_MS (6 s).
 */
const RECHECK_AFTER_MS = 2_000;

export type ProjectedLog = Pick<Log, 'collections' | 'hashContact' | 'reader' | 'tailer' | 'state'>;

/** Applies the log to the projections in batches. All processes share one checkpoint. */
export interface ProjectionBatches {
  /** Returns the checkpoint, whichever process wrote it. */
  readCheckpoint(): Promise<number>;
  /** Applies the next batch of at most `size` events; returns the new checkpoint. */
  applyNext(size: number): Promise<number>;
  /**
   * Applies the events after a checkpoint that match a filter, up to the head; the checkpoint stays.
   * A reader of one subject's lists then waits for its own events only.
   */
  applyAhead(filter: Filter, checkpoint: number): Promise<void>;
  /** True when another process applied the last batch first and this one was discarded. */
  wasDiscarded(): boolean;
}

/**
 * Creates the batches of the projections. A batch and its checkpoint are written in one
 * transaction; a process that finds the checkpoint moved discards its batch. A batch that was read
 * before an erasure is never applied after it.
 *
 * @param recheckAfterMs duration of a write after which the batch is checked again
 */
export function createProjectionBatches(
  log: ProjectedLog,
  recheckAfterMs = RECHECK_AFTER_MS,
): ProjectionBatches {
  const { collections, reader, tailer, state } = log;
  const { views, transaction } = collections;
  let prepared: Promise<void> | undefined;
  let isDiscarded = false;

  /**
   * Raises the format version before the first projection is written, so that releases that cannot
   * erase projections refuse to start. Creates the checkpoint, and clears outdated projections.
   */
  async function prepare(): Promise<void> {
    await raiseFormatVersion(collections.meta, FORMAT_WITH_PROJECTIONS);
    await views
      .updateOne(
        { _id: 'views' },
        { $setOnInsert: { foldedUpTo: 0, rules: RULES } },
        { upsert: true },
      )
      // Another process may insert the checkpoint at the same time.
      .catch(ignoreDuplicateKey(() => undefined));
    await clearOutdated(collections);
  }

  async function readCheckpoint(): Promise<number> {
    prepared ??= prepare().catch((error) => {
      prepared = undefined;
      throw error;
    });
    await prepared;
    const checkpoint = await views.findOne({ _id: 'views' });
    if (checkpoint === null) {
      // It was deleted meanwhile: the projections are built again, as at the start.
      prepared = undefined;
      return readCheckpoint();
    }
    const foldedUpTo = checkCheckpoint(checkpoint.foldedUpTo ?? 0);
    await ensureReached(collections, tailer, foldedUpTo);
    return foldedUpTo;
  }

  /**
   * Applies a batch unless another process has, or a user was erased since it was read.
   *
   * @returns `upTo` if applied, `after` if an erasure prevents it, else the other process's
   * checkpoint
   */
  function applyBatch(after: number, upTo: number, events: StoredEvent[], epoch: number) {
    return transaction(async (session) => {
      const { foldedUpTo = 0 } = (await views.findOne({ _id: 'views' }, { session })) ?? {};
      if (foldedUpTo !== after) return foldedUpTo;
      if (!state.isFresh() || state.epoch() !== epoch) return after;
      await views.updateOne({ _id: 'views' }, { $max: { foldedUpTo: upTo } }, { session });
      await applyChanges(log, events, session);
      return upTo;
    });
  }

  /** Applies events beyond the checkpoint. Returns false if an erasure prevents it. */
  function applyAdditional(events: StoredEvent[], epoch: number): Promise<boolean> {
    return transaction(async (session) => {
      if (!state.isFresh() || state.epoch() !== epoch) return false;
      await applyChanges(log, events, session);
      return true;
    });
  }

  /** Reads events under the current erasure epoch. */
  async function readBatch(after: number, upTo: number, limit: number, filter?: Filter) {
    await state.ensureFresh();
    const epoch = state.epoch();
    const page = await reader.read(
      { after, upTo },
      { limit, maxBytes: MAX_BATCH_BYTES, isPublished: true, ...(filter && { filter }) },
    );
    return { events: page.events, end: Math.max(page.reached, page.from), epoch };
  }

  type Batch = Awaited<ReturnType<typeof readBatch>>;

  /** Writes a batch; rebuilds what an erasure changed meanwhile, if the write was slow. */
  async function write<T>({ events, epoch }: Batch, apply: () => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    const result = await apply();
    if (performance.now() - startedMs > recheckAfterMs) {
      await state.refresh();
      if (state.epoch() !== epoch) await rebuildErased(events);
    }
    return result;
  }

  /** Reads events again, of which retention may have removed some. */
  async function readAgain(events: readonly StoredEvent[]): Promise<StoredEvent[]> {
    const positions = events.map(({ position }) => position);
    const [first = 0, last = 0] = [positions.at(0), positions.at(-1)];
    const isDense = last - first === positions.length - 1;
    const spans = isDense
      ? [{ after: first - 1, upTo: last }]
      : positions.map((position) => ({ after: position - 1, upTo: position }));
    const found: StoredEvent[] = [];
    for (const span of spans) {
      found.push(...(await reader.read(span, { limit: events.length, isPublished: true })).events);
    }
    return found;
  }

  /** Rebuilds the documents of those events that an erasure changed during the write. */
  async function rebuildErased(events: StoredEvent[]): Promise<void> {
    const now = await readAgain(events);
    const byPosition = new Map(now.map((event) => [event.position, event]));
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
        reappliedUserIds: idsOf('userId', now),
      },
      {
        collections,
        hashContact: log.hashContact,
        reader,
        after: (await state.ensureFresh()).removedUpTo,
        head: tailer.catchUp,
      },
    );
  }

  return {
    readCheckpoint,
    wasDiscarded: () => isDiscarded,
    async applyNext(size) {
      isDiscarded = false;
      const after = await readCheckpoint();
      const upTo = tailer.head();
      if (after >= upTo) return after;
      const batch = await readBatch(after, upTo, size);
      const { events, end, epoch } = batch;
      const appliedUpTo = await write(batch, () => applyBatch(after, end, events, epoch));
      isDiscarded = appliedUpTo !== after && appliedUpTo !== end;
      return appliedUpTo;
    },
    async applyAhead(filter, checkpoint) {
      await readCheckpoint();
      const upTo = tailer.head();
      for (let after = checkpoint; after < upTo; ) {
        const batch = await readBatch(after, upTo, MAX_BATCH_EVENTS, filter);
        const { events, end, epoch } = batch;
        const isApplied =
          events.length === 0 || (await write(batch, () => applyAdditional(events, epoch)));
        if (isApplied) after = end;
      }
    },
  };
}
