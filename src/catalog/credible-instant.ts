import type { NewEvent } from './event.ts';

/** How far the sender's clock may be ahead of ours, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * No app was installed on a phone before. Earlier instants are the defaults of clocks and libraries,
 * such as 0001 (Go), 1900, 1970, 1980, 2000 and 2001 (Apple).
 */
export const EARLIEST_CREDIBLE = new Date('2008-01-01T00:00:00Z');

type Instants = Pick<NewEvent, 'occurredOn' | 'receivedAt'>;

/** Returns true when an event claims to have occurred after it was received. */
export function isFromFuture({ occurredOn, receivedAt }: Instants): boolean {
  return occurredOn.getTime() > receivedAt.getTime() + CLOCK_TOLERANCE_MS;
}

/** Returns true when an event claims to have occurred before any could. */
export function isTooOld({ occurredOn }: Pick<Instants, 'occurredOn'>): boolean {
  return occurredOn < EARLIEST_CREDIBLE;
}

/**
 * Returns the instant by which lists and statistics order an event: the sender's, or the time of
 * receipt if the sender's is in the future or too old. Otherwise one wrong clock would decide a
 * user's status or first day for years.
 */
export function credibleInstant(event: Instants): Date {
  return isFromFuture(event) || isTooOld(event) ? event.receivedAt : event.occurredOn;
}
