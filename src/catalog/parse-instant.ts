/** An instant in UTC, in two precisions. */
export interface Instant {
  /** Milliseconds since 1970-01-01T00:00:00Z, rounded down. */
  epochMs: number;
  /** `YYYY-MM-DDTHH:mm:ss[.fraction]Z` with all digits of the fraction except trailing zeros. */
  canonical: string;
}

const DATE = String.raw`\d{4}-\d\d-\d\d`;
const TIME = String.raw`(\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?`;
const OFFSET = String.raw`(?:[Zz]|UTC|GMT|([+\-\u2212])([01]\d|2[0-3])(?::?([0-5]\d))?)`;
/** Tags of RFC 9557, such as `[Europe/Madrid]` and `[u-ca=iso8601]`. */
const TAGS = String.raw`(?:\[[\w!/+\-=.:]{1,64}\]){0,8}`;
const SHAPE = new RegExp(`^(${DATE})[Tt ]${TIME} ?${OFFSET}${TAGS}$`);
const MINUTE_MS = 60_000;

/**
 * Parses the sender's `occurred_on`: `YYYY-MM-DDTHH:mm:ss`, an optional fraction of any length, and
 * an offset (`Z`, `±HH:mm`, `±HHmm` or `±HH`, up to 23:59). `-00:00` means UTC (RFC 3339 §4.3). Also
 * accepts what common libraries write instead: lower-case `t` and `z`, a space for `T` or before the
 * offset, `UTC` and `GMT`, a decimal comma, no seconds (Java omits zeros), and tags behind the offset
 * (RFC 9557), which are ignored. Two texts have the same `canonical` if and only if they name the
 * same instant.
 *
 * A leap second (`:60`) is refused: neither Date nor BSON can represent it, and rounding it up
 * would make two instants equal. Source: the sender's documentation ("Common payload properties") and its
 * examples, which differ.
 *
 * @returns undefined for any other text, an impossible date or time, a missing offset, or an
 * instant whose UTC year is not 0001 to 9999
 */
export function parseInstant(text: string): Instant | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [, date, time, seconds = '00', fraction = '', sign, hours = '0', minutes = '0'] = match;

  const written = `${date}T${time}:${seconds}`;
  const localMs = Date.parse(`${written}Z`);
  // Date.parse turns 30 February into 2 March and 24:00 into the next day, so the result must print
  // as the same text.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(written)) {
    return undefined;
  }

  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const secondMs = sign === undefined || sign === '+' ? localMs - offsetMs : localMs + offsetMs;
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
