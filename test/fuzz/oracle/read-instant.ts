import { Temporal } from 'temporal-polyfill';

/** An instant as the oracle reads it: `nanoseconds` since 1970, and the digits that follow them. */
export interface ReadInstant {
  nanoseconds: bigint;
  furtherDigits: string;
  isLeapSecond: boolean;
}

const FIRST = Temporal.Instant.from('0001-01-01T00:00:00Z');
const END = Temporal.Instant.from('+010000-01-01T00:00:00Z');
const DAY_HOURS = 24;
const NUMERIC = String.raw`[+\-\u2212]\d\d(?::?\d\d(?::?\d\d)?)?`;
const TAGS = /(?:\[[\w!/+\-=.:]{1,64}\]){1,8}$/;
const CLOCK = / m=[+-]\d+\.\d+$/;
const ZONE = new RegExp(`(${NUMERIC}) (?:([A-Za-z]{3,5})|([+\\-\u2212]\\d{2,6}))$`);
const MIDNIGHT = /^(.{8,13}[Tt ])24(?=(?::?00(?::?00(?:[.,]0+)?)?)? ?(?:[Zz]|UTC|GMT|[+-]))/;
const LEAP = /^.{8,13}[Tt ]\d\d:?\d\d:?60/;

/**
 * Reads an instant with Temporal. What the documentation accepts beside Temporal's grammar is
 * rewritten into it first.
 */
export function readInstant(text: string): ReadInstant | undefined {
  let left = text.trim().replace(TAGS, '');
  const untimed = left.replace(CLOCK, '');
  const zone = ZONE.exec(untimed);
  if (zone) {
    const [behind = '', offset = '', name = '', again = ''] = zone;
    const digits = offset.replaceAll(':', '');
    if (/^(?:UTC|GMT)$/i.test(name) && /[1-9]/.test(digits)) return undefined;
    if (name === '' && again.padEnd(7, '0') !== digits.padEnd(7, '0')) return undefined;
    left = untimed.slice(0, -behind.length) + offset;
  } else if (new RegExp(`${NUMERIC}$`).test(untimed)) left = untimed;
  left = left.replace(/\u2212(?=[\d:]+$)/, '-');
  const isMidnight = MIDNIGHT.test(left);
  left = left
    .replace(/ (?=(?:[Zz]|UTC|GMT|[+-][\d:]+)$)/, '')
    .replace(/(?:UTC|GMT)$/, 'Z')
    .replace(/^\+(?=\d{4}(?:-\d\d-|\d{4}[Tt ]))/, '')
    .replace(MIDNIGHT, '$100');
  const [, fraction = ''] = /[.,](\d+)(?=[Zz+-])/.exec(left) ?? [];
  left = left.replace(/([.,]\d{9})\d+/, '$1');
  // Offsets are written in whole seconds, in the range of ISO 8601.
  if (/[+-]\d\d:?\d\d:?\d\d[.,]/.test(left)) return undefined;
  let instant: Temporal.Instant;
  try {
    instant = Temporal.Instant.from(left).add({ hours: isMidnight ? DAY_HOURS : 0 });
  } catch {
    return undefined;
  }
  const isLeapSecond = LEAP.test(left);
  if (isLeapSecond && !endsMonth(instant)) return undefined;
  if (Temporal.Instant.compare(instant, FIRST) < 0) return undefined;
  if (Temporal.Instant.compare(instant, END) >= 0) return undefined;
  const furtherDigits = fraction.slice(9).replace(/0+$/, '');
  return { nanoseconds: instant.epochNanoseconds, furtherDigits, isLeapSecond };
}

/** Returns true in the last second of a month in UTC; Temporal reads a leap second as that. */
function endsMonth(instant: Temporal.Instant): boolean {
  const { day, hour, minute, second, daysInMonth } = instant.toZonedDateTimeISO('UTC');
  return day === daysInMonth && hour === 23 && minute === 59 && second === 59;
}

const NS_IN_MS = 1_000_000n;
const NS_IN_S = 1_000n * NS_IN_MS;
/** As `%`, and never negative. */
const modulo = (value: bigint, divisor: bigint) => ((value % divisor) + divisor) % divisor;

/** Returns an instant in milliseconds since 1970, rounded down. */
export function millisecondsOf({ nanoseconds }: ReadInstant): number {
  return Number((nanoseconds - modulo(nanoseconds, NS_IN_MS)) / NS_IN_MS);
}

/** Returns an instant as a text in UTC with a fraction of at least nine digits. */
export function canonicalText(instant: ReadInstant): string {
  const { nanoseconds, furtherDigits, isLeapSecond } = instant;
  const text = new Date(millisecondsOf(instant)).toISOString().slice(0, 19);
  const fraction = String(modulo(nanoseconds, NS_IN_S)).padStart(9, '0');
  return `${isLeapSecond ? text.replace(/59$/, '60') : text}.${fraction}${furtherDigits}Z`;
}
