import { setTimeout as wait } from 'node:timers/promises';
import type { StoredEvent } from '../../catalog/event.ts';
import {
  LogClosedError,
  LogUnavailableError,
  LogWentBackError,
  UnstorableError,
} from '../../errors.ts';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { findHeadBehind } from '../read/find-head.ts';
import type { KnownErasures } from '../state/erasures.ts';
import type { LogWatermarks } from '../state/watermarks.ts';
import { insertBatch } from './insert-batch.ts';
import { resolveDuplicates } from './resolve-duplicates.ts';
import type { InsertReport, PendingEvent } from './types.ts';

/** First and longest pause before another try, in milliseconds; each is halved at random. */
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 250;

interface Commit {
  collection: Collection<EventDocument>;
  bounds: LogWatermarks;
  erasures?: Pick<KnownErasures, 'ensureFresh' | 'storable'> | undefined;
  /**
   * A position that cannot be rolled back any more: the floor for every look at the head.
   *
   * @param isSure false after an answer that did not come: then it looks into the log itself
   * @throws LogUnavailableError while nothing can be appended
   */
  floor: (isSure: boolean) => Promise<number>;
  /** Where the log ends, as somebody says; 0 when nobody does. */
  hint: number;
  /** In the order in which they came. */
  batch: readonly PendingEvent[];
  onAppended: (events: StoredEvent[]) => void;
  onInsert?: ((report: InsertReport) => void) | undefined;
}

/** What is left of a batch: nothing, unless another writer was first. */
interface Committed {
  /** The last durable position. */
  head: number;
  rest: readonly PendingEvent[];
}

/**
 * Brings the entries of a batch to their end, until all are or another writer was first: then what
 * is left is for another batch, with what has come meanwhile. After an unclear answer it tries
 * again, once what is already there has been looked up.
 *
 * Each try starts behind a position that is durable on a majority. Behind one that only the primary
 * has, a change of primary could take it away and leave a hole.
 */
export async function commitBatch(commit: Commit): Promise<Committed> {
  const { collection, bounds, erasures, floor, hint, batch, onAppended } = commit;
  /** Undefined until it is known, and again after an unclear answer. */
  let head: number | undefined;
  let isSure = true;
  let rest = batch;
  /** How many go in one insert: fewer and fewer while one of them cannot be stored. */
  let width = batch.length;
  let pauseMs = FIRST_PAUSE_MS;
  let fault: unknown;
  let raceLost = false;

  const stored = (first: number, count: number) => {
    if (count === 0) return;
    const front = rest.slice(0, count);
    onAppended(front.map(({ event }, index) => ({ ...event, position: first + index })));
    for (const [index, entry] of front.entries()) {
      entry.resolve({ status: 'stored', position: first + index });
    }
    head = first + count - 1;
    rest = rest.slice(count);
    width = batch.length;
    pauseMs = FIRST_PAUSE_MS;
  };

  const refuseFirst = (cause: unknown) => {
    rest[0]?.reject(new UnstorableError({ cause }));
    rest = rest.slice(1);
    width = batch.length;
  };

  const startHead = async () => {
    const known = Math.max(await floor(isSure), bounds.floor());
    isSure = true;
    return hint > known ? findHeadBehind(collection, known, bounds, hint) : known;
  };

  /** One insert and what follows from it; returns why the next one has to wait, if it has to. */
  const attempt = async (): Promise<unknown> => {
    await bounds.ensureFresh();
    await erasures?.ensureFresh();
    if (erasures) rest = refuseErased(rest, erasures);
    if (rest.length === 0) return undefined;
    if (bounds.current().isClosed) throw new LogClosedError();
    head ??= await startHead();
    const events = rest.slice(0, width).map(({ event }) => event);
    const first = bounds.following(head);
    const startedMs = performance.now();
    const outcome = await insertBatch(collection, events, first);
    const durationMs = performance.now() - startedMs;
    commit.onInsert?.({
      ...{ events: events.length, batch: events },
      ...{ durationMs, outcome: outcome.kind },
    });
    if (outcome.kind === 'all') return stored(first, events.length);
    if (outcome.kind === 'unclear') {
      for (const entry of rest) entry.unclear = true;
      // Whoever answers next may be another database, as after a restore: nothing is known of it.
      head = undefined;
      isSure = false;
    } else stored(first, outcome.stored);
    if (outcome.kind === 'refused') {
      if (outcome.stored === 0 && events.length > 1) width = Math.ceil(events.length / 2);
      else refuseFirst(outcome.error);
      return undefined;
    }
    const before = rest.length;
    if (outcome.kind !== 'race-lost') rest = await resolveDuplicates(collection, rest);
    if (outcome.kind === 'repeat') {
      // One that is not found yet waits for the majority to have the first one.
      return rest.length < before ? undefined : new Error('the first delivery is not durable yet');
    }
    if (outcome.kind === 'unclear') return outcome.error;
    head = await findHeadBehind(collection, Math.max(head ?? 0, await floor(isSure)), bounds);
    raceLost = true;
    return undefined;
  };

  for (;;) {
    rest = refuseLate(rest, fault);
    if (rest.length === 0 || raceLost) return { head: head ?? 0, rest };
    try {
      fault = await attempt();
    } catch (error) {
      // The database went away between the steps: what was asked is asked again.
      fault = error;
      // Nothing that comes in time would mend it.
      if (error instanceof LogWentBackError || error instanceof LogClosedError) {
        for (const entry of rest) entry.reject(error);
        rest = [];
      }
    }
    if (fault === undefined || rest.length === 0) continue;
    await wait(pauseMs * (0.5 + Math.random() / 2));
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Answers the entries whose user was erased, and returns the others, as they may be stored. */
export function refuseErased(
  entries: readonly PendingEvent[],
  erasures: Pick<KnownErasures, 'storable'>,
): readonly PendingEvent[] {
  return entries.filter((entry) => {
    const event = erasures.storable(entry.event);
    if (event === undefined) entry.resolve({ status: 'erased', position: 0 });
    else entry.event = event;
    return event !== undefined;
  });
}

/** Refuses the entries whose time is over, and returns the others. They stand in order of arrival. */
export function refuseLate(
  entries: readonly PendingEvent[],
  fault: unknown,
): readonly PendingEvent[] {
  const nowMs = performance.now();
  const inTime = entries.findIndex(({ deadlineMs }) => deadlineMs > nowMs);
  if (inTime === 0) return entries;
  const end = inTime === -1 ? entries.length : inTime;
  for (const entry of entries.slice(0, end)) entry.reject(unavailable(fault));
  return entries.slice(end);
}

function unavailable(cause: unknown): LogUnavailableError {
  return new LogUnavailableError('The event could not be stored. Send it again.', { cause });
}
