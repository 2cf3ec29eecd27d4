import { EventlineError } from '../errors.ts';

/**
 * Returns the canonical spelling of an IANA time zone.
 * @throws EventlineError BAD_USER_INPUT for an unknown zone
 */
export function knownTimeZone(name: string): string {
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    // Newer engines accept offsets as zones, older ones do not: refuse them.
    if (/^[A-Za-z]/.test(known)) return known;
  } catch {
    // The error below names the problem.
  }
  throw new EventlineError(
    'BAD_USER_INPUT',
    'timeZone: this is no zone of the IANA time zone database; one is "Europe/Madrid".',
  );
}
