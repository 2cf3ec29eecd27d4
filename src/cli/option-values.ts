import { InvalidArgumentError } from 'commander';

// Parsers of option values. Commander calls them with the text as given; they throw
// InvalidArgumentError, which it shows beside the option's name.

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** The longest timer (2³¹ − 1 ms), in days. */
const LONGEST_DAYS = 24;

/** Collects the values of a repeatable option. */
export function list(value: string, before: string[]): string[] {
  return [...before, value];
}

export function cursor(value: string): string {
  if (/^[\w-]+$/.test(value)) return value;
  throw new InvalidArgumentError('expected the cursor of an event');
}

export function positiveWhole(value: string): number {
  if (/^[1-9]\d{0,11}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('expected a whole number from 1');
}

/** A rate: 0.1, 20. */
export function positive(value: string): number {
  const number = Number(value);
  if (/^\d{1,6}(\.\d{1,3})?$/.test(value) && number > 0) return number;
  throw new InvalidArgumentError('expected a number above 0, such as 20 or 0.5');
}

export function wholeNumber(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('expected a whole number from 0');
}

/** A share: `5%` or `0.05`, from 0 to 1. */
export function share(value: string): number {
  const [, digits, percent] = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(value) ?? [];
  const part = Number(digits) / (percent ? 100 : 1);
  if (part <= 1) return part;
  throw new InvalidArgumentError('expected a share such as 5% or 0.05');
}

/** A duration: `90s`, `10m`, `2h`, `1d`; returned in milliseconds. */
export function span(value: string): number {
  const [, digits, unit] = /^(\d{1,7})(s|m|h|d)$/.exec(value) ?? [];
  const ms = Number(digits) * UNITS_MS[unit as keyof typeof UNITS_MS];
  if (ms > 0 && ms <= LONGEST_DAYS * UNITS_MS.d) return ms;
  throw new InvalidArgumentError(
    `expected a span such as 90s, 10m or 2h, ${LONGEST_DAYS}d at most`,
  );
}

/** A day, as its first moment in UTC. */
export function day(value: string): Date {
  const date = new Date(`${value}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('expected a day such as 2026-01-31');
}

/** A day, or an instant with its offset. */
export function instant(value: string): Date {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return day(value);
  const date = new Date(value);
  const isWhole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(
    value,
  );
  if (isWhole && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('expected a day, or an instant such as 2026-01-31T12:00:00Z');
}
