import { LogClosedError, LogUnavailableError } from '../../errors.ts';
import type { LogState } from '../state/log-state.ts';
import type { PendingEvent } from './types.ts';

/**
 * Answers events of erased users, and returns the others as they may be stored. Every insert into
 * the log or the inbox passes here.
 *
 * @throws LogClosedError while nothing may be appended; LogUnavailableError
 */
export async function admit(
  pending: readonly PendingEvent[],
  logState: LogState,
): Promise<readonly PendingEvent[]> {
  const { isClosed } = await logState.ensureFresh();
  const admitted = pending.filter((one) => {
    const event = logState.storable(one.event);
    if (event === one.event) return true;
    if (event === undefined) one.resolve({ status: 'erased' });
    else Object.assign(one, { event, isCleaned: true });
    return event !== undefined;
  });
  if (isClosed && admitted.length > 0) throw new LogClosedError();
  return admitted;
}

/** Rejects events whose deadline has passed, and returns the others. */
export function refuseLate(
  pending: readonly PendingEvent[],
  { nowMs, cause }: { nowMs: number; cause: unknown },
): readonly PendingEvent[] {
  return pending.filter((one) => {
    if (one.deadlineMs > nowMs) return true;
    one.reject(new LogUnavailableError('The event could not be stored. Send it again.', { cause }));
    return false;
  });
}

/**
 * Refuses cleaned events for as long as an instance may store the same event as it was delivered,
 * since it does not know of the erasure: their identities differ, so both would be stored.
 */
export function refuseUnsettled(pending: readonly PendingEvent[], logState: LogState): void {
  for (const one of pending) {
    if (one.isSettled || logState.isSettled(one.delivered)) continue;
    if (one.isInboxEntry) one.resolve({ status: 'stored' });
    else
      one.reject(new LogUnavailableError('A user in this event is being erased. Send it again.'));
  }
}

/** Leaves inbox entries in the inbox, where they are durable, and returns the deliveries. */
export function releaseInboxEntries(pending: readonly PendingEvent[]): readonly PendingEvent[] {
  return pending.filter((one) => {
    if (one.isInboxEntry) one.resolve({ status: 'stored' });
    return !one.isInboxEntry;
  });
}
