import type { NewEvent, StoredEvent } from '../../catalog/event.ts';
import { LogUnavailableError, MetaDamagedError } from '../../errors.ts';
import { checkBounds, checkErasureState } from '../../storage/check-meta.ts';
import { mapDatabaseError } from '../../storage/map-database-error.ts';
import type { Collections } from '../../storage/models.ts';
import { createErasedIndex, type ErasedIndex } from './erased-index.ts';

/** Age in milliseconds from which on the state is read again. */
const RENEW_MS = 1_500;
/** Maximum age in milliseconds of a state that is used; longer, since a read takes time. */
const TRUST_MS = 3_000;
/** How long a majority may take to confirm who the primary is, in milliseconds. */
const CONFIRM_MS = 10_000;
/** Maximum consecutive reads until one answers in time. */
const MAX_READS = 3;
/**
 * How long an erasure waits between its steps, in milliseconds: longer than any instance trusts its
 * cached state, plus as long for the work that it starts then, so that no instance stores or
 * delivers anything unaware of the erasure.
 */
export const ERASURE_ANNOUNCE_MS = 2 * TRUST_MS;
/**
 * How long a removal is announced before it happens, in milliseconds: longer than any instance, also
 * of an older release, trusts its cached state, so that none reads a half-removed page unaware.
 */
export const ANNOUNCE_MS = 15_000;

/** A range of positions, such as one that will never hold an event. */
export interface Gap {
  /** The last position before the range. */
  after: number;
  /** The last position of the range. */
  upTo: number;
}

/** Returns how many positions some ranges have together. */
export function countPositions(ranges: readonly Gap[]): number {
  return ranges.reduce((sum, { after, upTo }) => sum + upTo - after, 0);
}

/** The positions below the head that hold no event. */
export interface Watermarks {
  /** Retention has removed all positions up to this one, or is about to; 0 for none. */
  removedUpTo: number;
  /** Sorted. A restore leaves one, so that no position is assigned twice. */
  gaps: readonly Gap[];
  /** True while a gap is being created and nothing may be appended. */
  isClosed: boolean;
}

/**
 * What all instances must know about a log: the positions without an event, and the erased users.
 * This process has a copy of bounded age, which the poll of the tailer keeps fresh.
 */
export interface LogState {
  /** True when the copy is fresh enough to be used. */
  isFresh(): boolean;
  /**
   * Refreshes the copy if it is stale: what changed since is only announced and not done.
   * @throws LogUnavailableError when it cannot be read in time
   */
  ensureFresh(): Promise<Watermarks>;
  /** Reads the copy now. @throws LogUnavailableError when it cannot be read */
  refresh(): Promise<Watermarks>;
  /**
   * Runs a read on one version of the state, and repeats it if the state has changed meanwhile: no
   * part of the result was removed or erased. @throws LogUnavailableError
   */
  run<T>(read: (watermarks: Watermarks) => Promise<T>): Promise<T>;
  /** All positions up to this one are settled; appends come after it. */
  floor(): number;
  /** Returns the position after the given one: the next integer outside a gap. */
  following(position: number): number;
  /** Returns the last position up to the given one that is outside a gap. */
  preceding(position: number): number;
  /** Returns the parts of a range that are outside gaps, in their order. */
  occupied(range: Gap): Gap[];
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
   * True unless an erasure that changes this event is so new that an instance may not know of it,
   * and may still store the event unchanged.
   */
  isSettled(event: NewEvent): boolean;
  /**
   * Returns a stored event as it may be given out. It is unchanged, unless an instance that was
   * stopped or cut off has stored it unaware of an erasure that ended meanwhile: then it is without
   * mentions of the erased user, or undefined if it is the user's own.
   */
  readable(event: StoredEvent): StoredEvent | undefined;
  /**
   * Returns true when a malformed body may name a user who was erased after it, or was itself
   * removed by an erasure.
   */
  forbids(rawBody: Buffer): boolean;
}

/**
 * Reads the state of a log.
 *
 * @param announceMs how long an instance may not know of an erasure that this one knows of
 * @throws LogUnavailableError
 */
export async function createLogState(
  { bounds, erasures, erasureState }: Pick<Collections, 'bounds' | 'erasures' | 'erasureState'>,
  announceMs = ERASURE_ANNOUNCE_MS,
): Promise<LogState> {
  const majority = { readConcern: { level: 'majority' } } as const;
  const listeners = new Set<() => void>();
  let watermarks: Watermarks = { removedUpTo: 0, gaps: [], isClosed: false };
  /** Undefined until the first erasure. */
  let erased: ErasedIndex | undefined;
  /** The previous ones, and until when they were used, in milliseconds. */
  let earlier: { erased: ErasedIndex | undefined; untilMs: number }[] = [];
  let epoch = 0;
  /** Changes with every part of the state. */
  let version = '';
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<unknown> | undefined;

  /**
   * How the state is read. After a silence, a primary that was stopped or cut off may be the first to
   * answer, by an old state; it cannot confirm a linearizable read. That one waits for a majority, which
   * may be slow, so it is not used while the primary answers all the time.
   */
  function concern() {
    if (isYounger(TRUST_MS)) return majority;
    return { readConcern: { level: 'linearizable' }, maxTimeMS: CONFIRM_MS } as const;
  }

  async function readErasures() {
    const state = await erasureState.findOne({ _id: 'erasures' }, concern());
    if (state === null || checkErasureState(state).epoch === epoch) return undefined;
    // They are stored before the epoch that announces them.
    return { state, documents: await erasures.find({}, majority).toArray() };
  }

  /** Without the key, erased users would not be recognised. */
  async function refuseLostErasures(): Promise<void> {
    if ((await erasures.findOne({}, majority)) === null) return;
    if ((await erasureState.findOne({ _id: 'erasures' }, majority)) !== null) return;
    throw new MetaDamagedError('erasures', 'it is missing, and there are erased users');
  }

  async function refresh(): Promise<Watermarks> {
    // `performance` is monotonic and includes time in which the process was stopped
    // (CLOCK_MONOTONIC). The age counts from the request, since an answer may arrive much later.
    const startedMs = performance.now();
    const read = Promise.all([bounds.findOne({ _id: 'bounds' }, concern()), readErasures()]);
    const [document, news] = await mapDatabaseError(read);
    const { removedUpTo = 0, gaps = [], isClosed = false } = checkBounds(document);
    // Of two concurrent reads the one that started later wins.
    if (startedMs < readAtMs) return watermarks;
    readAtMs = startedMs;
    watermarks = { removedUpTo, gaps, isClosed };
    version = JSON.stringify([watermarks, news?.state.epoch ?? epoch]);
    if (news === undefined) return watermarks;
    earlier.push({ erased, untilMs: performance.now() });
    erased = createErasedIndex(news.state, news.documents);
    epoch = news.state.epoch;
    for (const listener of listeners) listener();
    return watermarks;
  }

  const isYounger = (ageMs: number) => performance.now() - readAtMs <= ageMs;
  async function ensureFresh(): Promise<Watermarks> {
    if (isYounger(RENEW_MS)) return watermarks;
    for (let reads = 0; reads < MAX_READS; reads += 1) {
      reading ??= refresh().finally(() => {
        reading = undefined;
      });
      await reading;
      if (isYounger(TRUST_MS)) return watermarks;
    }
    throw new LogUnavailableError('The database answers too slowly. Try again shortly.');
  }

  function isSettled(event: NewEvent): boolean {
    const nowMs = performance.now();
    earlier = earlier.filter(({ untilMs }) => nowMs - untilMs < announceMs);
    const [oldest] = earlier;
    if (oldest === undefined) return true;
    const [before, now] = [oldest.erased, erased].map((index) =>
      index === undefined ? event : index.storable(event),
    );
    return before === now || (before !== undefined && now?.digest.equals(before.digest) === true);
  }

  await mapDatabaseError(refuseLostErasures());
  await refresh();
  return {
    isFresh: () => isYounger(TRUST_MS),
    ensureFresh,
    refresh,
    async run(read) {
      for (;;) {
        const known = await ensureFresh();
        const seen = version;
        const result = await read(known);
        await ensureFresh();
        if (version === seen) return result;
      }
    },
    floor: () => Math.max(watermarks.removedUpTo, watermarks.gaps.at(-1)?.upTo ?? 0),
    following(position) {
      // Sorted, so that adjacent gaps are skipped together.
      let last = position;
      for (const { after, upTo } of watermarks.gaps) if (last >= after && last < upTo) last = upTo;
      return last + 1;
    },
    preceding(position) {
      let last = position;
      for (const { after, upTo } of watermarks.gaps.toReversed()) {
        if (last > after && last <= upTo) last = after;
      }
      return last;
    },
    occupied(range) {
      const parts: Gap[] = [];
      let { after } = range;
      for (const gap of [...watermarks.gaps, { after: range.upTo, upTo: range.upTo }]) {
        const upTo = Math.min(gap.after, range.upTo);
        if (upTo > after) parts.push({ after, upTo });
        after = Math.max(after, gap.upTo);
      }
      return parts;
    },
    epoch: () => epoch,
    onEpoch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    storable: (event) => (erased === undefined ? event : erased.storable(event)),
    isSettled,
    readable: (event) => (erased === undefined ? event : erased.readable(event)),
    forbids: (rawBody) => erased?.forbids(rawBody) ?? false,
  };
}
