import type { NewEvent } from './event.ts';

/** How far the sender's clock may be ahead of ours, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

type Instants = Pick<NewEvent, 'occurredOn' | 'receivedAt'>;

/** Returns true when an event claims to have occurred after it was received. */
export function isFromFuture({ occurredOn, receivedAt }: Instants): boolean {
  return occurredOn.getTime() > receivedAt.getTime() + CLOCK_TOLERANCE_MS;
}

/**
 * Returns the instant by which lists and statistics order an event: the sender's, or the time of
 * receipt if the sender's is in the future. Otherwise one wrong clock would decide a user's status
 * for years.
 */
export function credibleInstant(event: Instants): Date {
  return isFromFuture(event) ? event.receivedAt : event.occurredOn;
}
