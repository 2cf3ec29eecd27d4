/** A moment in UTC, in two precisions. */
export interface Instant {
  /** Milliseconds since 1970-01-01T00:00:00Z, rounded down. */
  epochMs: number;
  /** `YYYY-MM-DDTHH:mm:ss[.fraction]Z` with every digit that was sent, less trailing zeros. */
  canonical: string;
}

const SHAPE =
  /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)$/;
const MINUTE_MS = 60_000;

/**
 * Reads the sender's `occurred_on`: `YYYY-MM-DDTHH:mm:ss`, a fraction of any length if there is
 * one, and an offset: `Z`, `±HH:mm`, `±HHmm` or `±HH`, up to 23:59. `t` and `z` may be small and
 * `-00:00` is UTC (RFC 3339 §4.3, §5.6). Texts of the same moment have the same `canonical`, and
 * two that differ in any digit of the fraction do not.
 *
 * A leap second (`:60`) is refused: neither a Date nor BSON has a place for it, and to take it for
 * the second after would make two moments one.
 * Source: the sender's page ("Common payload properties") and its examples, which differ.
 * @returns undefined for any other text, an impossible date or time, no offset, or a moment whose
 * UTC year is not 0001 to 9999
 */
export function parseInstant(text: string): Instant | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [, date, time, fraction = '', sign, hours = '0', minutes = '0'] = match;

  const written = `${date}T${time}`;
  const localMs = Date.parse(`${written}Z`);
  // Date.parse takes 30 February for 2 March and 24:00 for the next day: what it made of the text
  // must read as the text does.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(written)) {
    return undefined;
  }

  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const secondMs = sign === '-' ? localMs + offsetMs : localMs - offsetMs;
  const utc = new Date(secondMs).toISOString();
  // A year outside 0000 to 9999 is written with a sign and six digits. The year 0 is no year of the
  // common calendar, and the embedded database cannot keep it.
  if (utc.length !== '0000-00-00T00:00:00.000Z'.length || utc.startsWith('0000')) return undefined;

  const digits = dropTrailingZeros(fraction);
  return {
    // A fraction counts forward before 1970 too, so cutting its digits rounds down.
    epochMs: secondMs + Number(digits.slice(0, 3).padEnd(3, '0')),
    canonical: `${utc.slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`,
  };
}

/** By a loop: `/0+$/` takes quadratic time on a long row of zeros with another digit after it. */
function dropTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}
