import type { StoredEvent } from '../../catalog/event.ts';
import { LogClosedError, LogWentBackError, UnstorableError } from '../../errors.ts';
import type { EventDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { findHeadBehind } from '../read/find-head.ts';
import type { LogState } from '../state/log-state.ts';
import type { Clock } from './clock.ts';
import { type CommitAction, type CommitOutcome, startCommit, stepCommit } from './commit-step.ts';
import { insertBatch } from './insert-batch.ts';
import { resolveDuplicates } from './resolve-duplicates.ts';
import { admit, refuseLate, refuseUnsettled } from './settle-pending.ts';
import { inserts } from './telemetry.ts';
import type { PendingEvent } from './types.ts';

export interface Commit {
  collection: Collection<EventDocument>;
  logState: LogState;
  clock: Clock;
  /**
   * Returns a position that can no longer be rolled back. Every lookup of the head starts after it.
   *
   * @param isSure false after a missing answer: then the log itself is read
   * @throws LogUnavailableError while nothing can be appended
   */
  floor: (isSure: boolean) => Promise<number>;
  /** False when the remaining events belong in the inbox. */
  isHolder: () => boolean;
  /** Marks deliveries of events that another instance has already acknowledged from the inbox. */
  markRepeats: (deliveries: readonly PendingEvent[]) => Promise<void>;
  /** In order of arrival. */
  batch: readonly PendingEvent[];
  onAppended: (events: StoredEvent[]) => void;
}

/** The result of committing a batch. */
export interface Committed {
  /** The last durable position that was found, or 0. */
  head: number;
  rest: readonly PendingEvent[];
  /** True if another writer took a position first. */
  isRaceLost: boolean;
}

/**
 * Writes a batch to the log by `insertBatch`, until all its events are settled, another writer takes
 * a position first, or this instance may no longer append. The remaining events then join the next
 * batch. After an unclear answer it looks up which events were stored, and retries the others.
 *
 * Each attempt starts after a position that is durable on a majority. A position that only the
 * primary has could be rolled back, which would leave a hole.
 */
export async function commitBatch(commit: Commit): Promise<Committed> {
  const { collection, logState, clock, floor, batch, onAppended } = commit;
  let state = startCommit(batch.length);
  let action: CommitAction = { kind: 'insert' };
  let rest = batch;
  let fault: unknown;
  let isRaceLost = false;

  async function insert(): Promise<CommitOutcome | undefined> {
    rest = await admit(rest, logState);
    // Also behind an own insert: the database may have been restored since.
    const durable = await floor(state.isSure);
    // After that: what is stored later takes the position that this insert needs.
    rest = await resolveCleaned(rest);
    if (rest.length === 0) return undefined;
    const head = Math.max(state.head ?? 0, durable, logState.floor());
    state = { ...state, head, isSure: true };
    const sent = rest.slice(0, state.width);
    const events = sent.map(({ event }) => event);
    const first = logState.following(head);
    const startedMs = clock.nowMs();
    const deliveries = sent.filter(({ isInboxEntry }) => !isInboxEntry);
    const marking = commit.markRepeats(deliveries);
    const outcome = await insertBatch(collection, events, first);
    await marking;
    inserts.publish({
      events: events.length,
      batch: events,
      durationMs: clock.nowMs() - startedMs,
      outcome: outcome.kind,
    });
    if (outcome.kind === 'unclear') for (const one of rest) one.isUnclear = true;
    if ('error' in outcome) fault = outcome.error;
    return { kind: 'inserted', first, sent: events.length, outcome };
  }

  /** Answers cleaned events whose other form the log has, or may get. */
  async function resolveCleaned(pending: readonly PendingEvent[]) {
    const cleaned = pending.filter(({ isCleaned }) => isCleaned);
    if (cleaned.length === 0) return pending;
    refuseUnsettled(await resolveDuplicates(collection, cleaned), logState);
    return pending.filter(({ isSettled }) => !isSettled);
  }

  /** Performs the action; returns undefined if it has no outcome to decide on. */
  async function attempt(): Promise<CommitOutcome | undefined> {
    switch (action.kind) {
      case 'insert':
        return insert();
      case 'resolve': {
        const before = rest.length;
        rest = await resolveDuplicates(collection, rest);
        const { mustPause } = action;
        return { kind: 'resolved', settled: before - rest.length, mustPause };
      }
      case 'pause':
        await clock.wait(action.ms * (0.5 + clock.random() / 2));
        action = { kind: 'insert' };
        return undefined;
      case 'give-back': {
        const from = Math.max(state.head ?? 0, await floor(state.isSure));
        state = { ...state, head: await findHeadBehind(collection, from, logState) };
        isRaceLost = true;
        return undefined;
      }
    }
  }

  function settle(outcome: CommitOutcome): void {
    const next = stepCommit(state, outcome, batch.length);
    ({ state, action } = next);
    if (next.stored > 0 && outcome.kind === 'inserted') {
      const front = rest.slice(0, next.stored);
      const positionOf = (index: number) => outcome.first + index;
      onAppended(front.map(({ event }, index) => ({ ...event, position: positionOf(index) })));
      for (const [index, one] of front.entries()) {
        const status = one.isRepeat ? 'duplicate' : 'stored';
        one.resolve({ status, position: positionOf(index) });
      }
      rest = rest.slice(next.stored);
      fault = undefined;
    }
    if (next.isRefused) {
      rest[0]?.reject(new UnstorableError({ cause: fault }));
      rest = rest.slice(1);
    }
  }

  for (;;) {
    rest = refuseLate(rest, { nowMs: clock.nowMs(), cause: fault });
    if (rest.length === 0 || isRaceLost || !commit.isHolder()) {
      return { head: state.head ?? 0, rest, isRaceLost };
    }
    try {
      const outcome = await attempt();
      if (outcome) settle(outcome);
    } catch (error) {
      // The database failed between two steps, so the step is repeated.
      fault = error;
      settle({ kind: 'failed' });
      if (!isFinal(error)) continue;
      for (const one of rest) one.reject(error);
      rest = [];
    }
  }
}

/** Returns true for an error that a retry cannot fix in time. */
function isFinal(error: unknown): boolean {
  return error instanceof LogWentBackError || error instanceof LogClosedError;
}
