import { LogUnavailableError } from '../../errors.ts';
import type { KnownErasures } from '../state/erasures.ts';
import type { PendingEvent } from './types.ts';

/** Answers events of erased users, and returns the others as they may be stored. */
export function refuseErased(
  pending: readonly PendingEvent[],
  erasures: Pick<KnownErasures, 'storable'>,
): readonly PendingEvent[] {
  return pending.filter((one) => {
    const event = erasures.storable(one.event);
    if (event === undefined) one.resolve({ status: 'erased' });
    else one.event = event;
    return event !== undefined;
  });
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

/** Leaves inbox entries in the inbox, where they are durable, and returns the deliveries. */
export function releaseInboxEntries(pending: readonly PendingEvent[]): readonly PendingEvent[] {
  return pending.filter((one) => {
    if (one.isInboxEntry) one.resolve({ status: 'stored' });
    return !one.isInboxEntry;
  });
}
