import type { NewEvent } from '../../catalog/event.ts';
import type { Collections } from '../../storage/models.ts';
import { createErasedIndex, type ErasedIndex } from './erased-index.ts';
import { createStaleCache, type StaleCache } from './stale-cache.ts';

/** Age in milliseconds from which on the state is read again. */
const RENEW_MS = 1_500;
/** Maximum age in milliseconds of a state that is used; longer, since a read takes time. */
const TRUST_MS = 3_000;
/**
 * How long an erasure waits between its steps, in milliseconds: longer than any instance trusts its
 * cached state, plus as long for the work that it starts then, so that no instance stores or
 * delivers anything unaware of the erasure.
 */
export const ERASURE_ANNOUNCE_MS = 2 * TRUST_MS;

/** The erased users as this process knows them. */
export interface KnownErasures extends StaleCache {
  /**
   * Changes when an erasure begins, and when it has changed stored events: an event that was read
   * under another epoch must not be delivered.
   */
  epoch(): number;
  /** Calls back synchronously at each new epoch; returns a function that unsubscribes. */
  onEpoch(listener: () => void): () => void;
  /**
   * Returns the event as it may be stored: unchanged; without mentions of erased users, under a new
   * identity; or undefined when its user was erased after it occurred, or when an erasure changed the
   * stored event beyond recognition. Later events of the same user are new.
   */
  storable(event: NewEvent): NewEvent | undefined;
  /**
   * Returns true when a malformed body may name a user who was erased after it, or was itself
   * removed by an erasure.
   */
  forbids(rawBody: Buffer): boolean;
}

/** Reads the erasures of a log. @throws LogUnavailableError */
export async function createErasures({
  erasures,
  erasureState,
}: Pick<Collections, 'erasures' | 'erasureState'>): Promise<KnownErasures> {
  const listeners = new Set<() => void>();
  const majority = { readConcern: { level: 'majority' } } as const;
  /** Undefined until the first erasure. */
  let known: ErasedIndex | undefined;
  let epoch = 0;
  const freshness = createStaleCache({
    async read() {
      const state = await erasureState.findOne({ _id: 'erasures' }, majority);
      if (state === null || state.epoch === epoch) return undefined;
      // They are stored before the epoch that announces them.
      return { state, documents: await erasures.find({}, majority).toArray() };
    },
    take(read) {
      if (read === undefined) return;
      known = createErasedIndex(read.state, read.documents);
      epoch = read.state.epoch;
      for (const listener of listeners) listener();
    },
    renewMs: RENEW_MS,
    trustMs: TRUST_MS,
  });

  await freshness.refresh();
  return {
    ...freshness,
    epoch: () => epoch,
    onEpoch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    storable: (event) => (known === undefined ? event : known.storable(event)),
    forbids: (rawBody) => known?.forbids(rawBody) ?? false,
  };
}
