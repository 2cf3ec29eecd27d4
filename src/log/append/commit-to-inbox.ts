import type { NewEvent } from '../../catalog/event.ts';
import { LogClosedError, LogUnavailableError, UnstorableError } from '../../errors.ts';
import type { EventDocument, InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { LogState } from '../state/log-state.ts';
import type { Clock } from './clock.ts';
import { type InboxState, type InboxStep, startInbox, stepInbox } from './inbox-step.ts';
import { type InboxOutcome, insertInbox } from './insert-inbox.ts';
import { findInInbox, resolveDuplicates } from './resolve-duplicates.ts';
import { admit, refuseLate, refuseUnsettled } from './settle-pending.ts';
import { inserts } from './telemetry.ts';
import type { PendingEvent } from './types.ts';

export interface InboxCommit {
  events: Collection<EventDocument>;
  inbox: Collection<InboxDocument>;
  logState: LogState;
  clock: Clock;
  /** Called before the first entry, to keep out versions that do not read the inbox. */
  prepare: () => Promise<void>;
  isFull: () => boolean;
  /** In order of arrival. */
  batch: readonly PendingEvent[];
  /** Called with events that have become durable in the inbox. */
  onAccepted: (events: readonly NewEvent[]) => void;
}

/**
 * Stores a batch in the inbox, from which the holder of the writer lease moves it into the log. An
 * event that the log already holds is answered with its position instead. Retries until each
 * event's deadline.
 */
export async function commitToInbox(commit: InboxCommit): Promise<void> {
  const { events: log, inbox, logState, clock, batch } = commit;
  let rest = batch;
  let state: InboxState = startInbox(batch.length);
  let fault: unknown;

  for (;;) {
    rest = refuseLate(rest, { nowMs: clock.nowMs(), cause: fault });
    if (rest.length === 0) return;
    let pauseMs: number;
    try {
      pauseMs = await attempt();
    } catch (error) {
      fault = error;
      if (error instanceof LogClosedError || error instanceof InboxFullError) {
        for (const one of rest) one.reject(error);
        return;
      }
      pauseMs = failed({ kind: 'unclear', error }, []);
    }
    rest = rest.filter((one) => !one.isSettled);
    if (pauseMs > 0) await clock.wait(pauseMs * (0.5 + clock.random() / 2));
  }

  /** Looks the events up in the log and inserts the others; returns the pause in milliseconds. */
  async function attempt(): Promise<number> {
    rest = await admit(rest, logState);
    if (commit.isFull()) throw new InboxFullError();
    await commit.prepare();
    const startedMs = clock.nowMs();
    rest = await resolveDuplicates(log, rest);
    rest = await resolveCleaned(rest);
    if (rest.length === 0) return 0;
    const sent = rest.slice(0, state.width);
    const events = sent.map(({ event }) => event);
    const insertedMs = clock.nowMs();
    const outcome = await insertInbox(inbox, sent);
    const endedMs = clock.nowMs();
    inserts.publish({
      events: events.length,
      batch: events,
      durationMs: endedMs - insertedMs,
      outcome: outcome.kind === 'answered' ? 'inbox' : outcome.kind,
    });
    if (outcome.kind === 'unclear') return failed(outcome, sent);
    const tookMs = endedMs - startedMs;
    const step = stepInbox(state, outcome, { sent: sent.length, batch: batch.length, tookMs });
    state = step.state;
    await settle(sent, step, outcome);
    return 0;
  }

  /** The inbox may still hold the original of a cleaned event, which has another identity. */
  async function resolveCleaned(pending: readonly PendingEvent[]) {
    const cleaned = pending.filter(({ isCleaned }) => isCleaned);
    const { own, earlier } = await findInInbox(inbox, cleaned);
    for (const one of own) one.resolve({ status: 'stored' });
    for (const one of earlier) one.resolve({ status: 'duplicate' });
    refuseUnsettled(cleaned, logState);
    return pending.filter(({ isSettled }) => !isSettled);
  }

  function failed(
    outcome: Extract<InboxOutcome, { kind: 'unclear' }>,
    sent: readonly PendingEvent[],
  ): number {
    fault = outcome.error;
    for (const one of sent) one.isUnclear = true;
    const step = stepInbox(state, outcome, { sent: 0, batch: batch.length, tookMs: 0 });
    state = step.state;
    return step.action.kind === 'pause' ? step.action.ms : 0;
  }

  async function settle(sent: readonly PendingEvent[], step: InboxStep, outcome: InboxOutcome) {
    const having = (verdict: string) => sent.filter((_, index) => step.verdicts[index] === verdict);
    const duplicates = having('duplicate');
    const unclear = duplicates.filter(({ isUnclear }) => isUnclear);
    const { own } = await findInInbox(inbox, unclear);
    let stored: readonly PendingEvent[] = [...having('stored'), ...own];
    if (step.mustLookAgain) {
      // The log may hold the entry that was just inserted here.
      for (const one of stored) one.isUnclear = true;
      stored = await resolveDuplicates(log, stored);
    }
    commit.onAccepted(stored.map(({ event }) => event));
    for (const one of stored) one.resolve({ status: 'stored' });
    for (const one of duplicates) if (!own.has(one)) one.resolve({ status: 'duplicate' });
    const cause = 'error' in outcome ? outcome.error : undefined;
    for (const one of having('refused')) one.reject(new UnstorableError({ cause }));
  }
}

/** The inbox is full: its entries are not moved, or not fast enough. */
class InboxFullError extends LogUnavailableError {
  constructor() {
    super('Too many deliveries wait for their position in the log. Send it again.');
  }
}
