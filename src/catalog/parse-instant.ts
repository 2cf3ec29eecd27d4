/** An instant in UTC, in two precisions. */
export interface Instant {
  /** Milliseconds since 1970-01-01T00:00:00Z, rounded down. A leap second is the second before it. */
  epochMs: number;
  /** `YYYY-MM-DDTHH:mm:ss[.fraction]Z` with all digits of the fraction except trailing zeros. */
  canonical: string;
}

/** `+` and `+00` stand before an expanded year (ISO 8601, PHP's `X`). */
const DATE = String.raw`(?:\+(?:00)?)?(?<year>\d{4})(?:-(?<month>\d\d)-(?<day>\d\d)|(?<monthDay>\d{4}))`;
const FRACTION = String.raw`(?:[.,](?<fraction>\d+))?`;
const TIME = String.raw`(?<hour>\d\d)(?:(?<colon>:?)(?<minute>\d\d)(?:\k<colon>(?<second>\d\d)${FRACTION})?)?`;
const SIGN = String.raw`(?<sign>[+\-\u2212])`;
const OFFSET = String.raw`${SIGN}(?<hours>[01]\d|2[0-3])(?:(?<separator>:?)(?<minutes>[0-5]\d)(?:\k<separator>(?<seconds>[0-5]\d))?)?`;
/** What Go's `time.String()` adds: the zone, by name or again, and the reading of another clock. */
const GO = String.raw`(?: (?:(?<zone>[A-Za-z]{3,5})|(?<again>[+-]\d\d(?:\d\d){0,2})))?(?: m=[+-]\d+\.\d+)?`;
/** Tags of RFC 9557, such as `[Europe/Madrid]` and `[u-ca=iso8601]`. */
const TAGS = String.raw`(?:\[[\w!/+\-=.:]{1,64}\]){0,8}`;
const SHAPE = new RegExp(`^${DATE}[Tt ]${TIME} ?(?:[Zz]|UTC|GMT|${OFFSET}${GO})${TAGS}$`);
/** Zones that contradict any offset but zero. Other names are ambiguous, so the offset decides. */
const NAMES_OF_UTC = /^(?:UTC|GMT)$/i;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Parses the sender's `occurred_on`: `YYYY-MM-DDTHH:mm:ss`, an optional fraction of any length, and
 * an offset (`Z`, `±HH:mm`, `±HHmm` or `±HH`, up to 23:59). `-00:00` means UTC (RFC 3339 §4.3). Also
 * accepts what common libraries write instead: lower-case `t` and `z`, a space for `T` or before the
 * offset, `UTC` and `GMT`, a decimal comma, no seconds or minutes (Java omits zeros), no hyphens and
 * colons, an expanded year, seconds in the offset (Python), what Go adds, tags (RFC 9557), and white
 * space around it. Names of zones and tags beside an offset are ignored. Two texts have the same
 * `canonical` if and only if they name the same instant. Source: the sender's documentation ("Common
 * payload properties") and its examples, which differ.
 *
 * `24:00:00` is the start of the next day (ISO 8601-1:2019/Amd 1:2022). A leap second (`:60`) is
 * accepted where one may be: in the last minute of a month in UTC (RFC 3339 §5.7). `canonical` keeps
 * it; Date and BSON cannot represent it.
 *
 * @returns undefined for any other text, an impossible date or time, a missing offset, or an
 * instant whose UTC year is not 0001 to 9999
 */
export function parseInstant(text: string): Instant | undefined {
  const parts = SHAPE.exec(text.trim())?.groups;
  if (parts === undefined) return undefined;
  const { fraction = '' } = parts;
  const digits = dropTrailingZeros(fraction);
  const isLeapSecond = parts.second === '60';
  const localMs = localTime(parts, digits === '');
  if (localMs === undefined) return undefined;

  const offsetMs = offsetOf(parts);
  if (contradicts(parts, offsetMs)) return undefined;
  const secondMs = localMs - offsetMs;
  if (isLeapSecond && !isEndOfMonth(secondMs)) return undefined;
  const utc = new Date(secondMs).toISOString();
  // toISOString writes years outside 0000 to 9999 with a sign and six digits. The embedded database
  // cannot store the year 0.
  if (utc.length !== '0000-00-00T00:00:00.000Z'.length || utc.startsWith('0000')) return undefined;

  const second = isLeapSecond ? `${utc.slice(0, 17)}60` : utc.slice(0, 19);
  return {
    // The fraction counts forward before 1970 too, so truncating it rounds down.
    epochMs: secondMs + Number(digits.slice(0, 3).padEnd(3, '0')),
    canonical: `${second}${digits === '' ? '' : `.${digits}`}Z`,
  };
}

type Parts = Readonly<Record<string, string | undefined>>;

/** Returns a time as if it were UTC, in whole seconds; undefined if it is not in the calendar. */
function localTime(parts: Parts, isWholeSecond: boolean): number | undefined {
  const { year, monthDay = '', month = monthDay.slice(0, 2), day = monthDay.slice(2) } = parts;
  const { hour, minute = '00', second = '00' } = parts;
  const isMidnight = hour === '24' && minute === '00' && second === '00' && isWholeSecond;
  const time = isMidnight ? '00:00:00' : `${hour}:${minute}:${second === '60' ? '59' : second}`;
  const written = `${year}-${month}-${day}T${time}`;
  const ms = Date.parse(`${written}Z`);
  // Date.parse turns 30 February into 2 March, so the result must print as the same text.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(written)) return undefined;
  return isMidnight ? ms + DAY_MS : ms;
}

function offsetOf({ sign, hours = '0', minutes = '0', seconds = '0' }: Parts): number {
  if (sign === undefined) return 0;
  const ms = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '+' ? ms : -ms;
}

/** Returns true if what follows the offset names another one. */
function contradicts({ zone = '', again }: Parts, offsetMs: number): boolean {
  if (NAMES_OF_UTC.test(zone)) return offsetMs !== 0;
  if (again === undefined) return false;
  const [, sign, hours, minutes, seconds] = /(.)(..)(..)?(..)?/.exec(again) ?? [];
  return offsetOf({ sign, hours, minutes, seconds }) !== offsetMs;
}

/** Returns true for the last second of a month in UTC. */
function isEndOfMonth(secondMs: number): boolean {
  const next = new Date(secondMs + SECOND_MS);
  return next.getTime() % DAY_MS === 0 && next.getUTCDate() === 1;
}

/** A loop, since `/0+$/` takes quadratic time on many zeros before another digit. */
function dropTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}
