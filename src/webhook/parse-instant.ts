/** An instant in UTC, in two precisions. */
export interface Instant {
  /** Milliseconds since 1970-01-01T00:00:00Z, rounded down. */
  epochMs: number;
  /** `YYYY-MM-DDTHH:mm:ss[.fraction]Z` with all digits of the fraction except trailing zeros. */
  canonical: string;
}

const SHAPE =
  /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)$/;
const MINUTE_MS = 60_000;

/**
 * Parses the sender's `occurred_on`: `YYYY-MM-DDTHH:mm:ss`, an optional fraction of any length, and
 * an offset (`Z`, `±HH:mm`, `±HHmm` or `±HH`, up to 23:59). Lower-case `t` and `z` are accepted,
 * and `-00:00` means UTC (RFC 3339 §4.3, §5.6). Two texts have the same `canonical` if and only if
 * they name the same instant.
 *
 * A leap second (`:60`) is refused: neither Date nor BSON can represent it, and rounding it up
 * would make two instants equal. Source: the sender's page ("Common payload properties") and its
 * examples, which differ.
 *
 * @returns undefined for any other text, an impossible date or time, a missing offset, or an
 * instant whose UTC year is not 0001 to 9999
 */
export function parseInstant(text: string): Instant | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [, date, time, fraction = '', sign, hours = '0', minutes = '0'] = match;

  const written = `${date}T${time}`;
  const localMs = Date.parse(`${written}Z`);
  // Date.parse turns 30 February into 2 March and 24:00 into the next day, so the result must print
  // as the same text.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(written)) {
    return undefined;
  }

  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const secondMs = sign === '-' ? localMs + offsetMs : localMs - offsetMs;
  const utc = new Date(secondMs).toISOString();
  // toISOString writes years outside 0000 to 9999 with a sign and six digits. The embedded database
  // cannot store the year 0.
  if (utc.length !== '0000-00-00T00:00:00.000Z'.length || utc.startsWith('0000')) return undefined;

  const digits = dropTrailingZeros(fraction);
  return {
    // The fraction counts forward before 1970 too, so truncating it rounds down.
    epochMs: secondMs + Number(digits.slice(0, 3).padEnd(3, '0')),
    canonical: `${utc.slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`,
  };
}

/** A loop, since `/0+$/` takes quadratic time on many zeros before another digit. */
function dropTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}
