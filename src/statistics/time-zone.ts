import { EventlineError } from '../errors.ts';

/**
 * The name of a zone as the IANA's database spells it.
 * @throws EventlineError BAD_USER_INPUT
 */
export function knownTimeZone(name: string): string {
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    // Offsets are no zones: newer engines take them, others do not.
    if (/^[A-Za-z]/.test(known)) return known;
  } catch {
    // Below.
  }
  throw new EventlineError(
    'BAD_USER_INPUT',
    'timeZone: this is no zone of the IANA time zone database; one is "Europe/Madrid".',
  );
}
