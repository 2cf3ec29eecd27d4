const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Returns true for an instant of the years 1 to 9999 in UTC, which is what a log can hold. */
export function isStorableInstant(instant: Date): boolean {
  const ms = instant.getTime();
  return ms >= FIRST_MS && ms <= LAST_MS;
}
