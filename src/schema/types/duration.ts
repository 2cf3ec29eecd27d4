import { EventlineError } from '../../errors.ts';
import { builder } from '../builder.ts';
import { withExample } from '../with-example.ts';

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;
/** Weeks, days, hours, minutes, seconds: each at most once, and at least one. */
const DURATION =
  /^P(?=[\dT])(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?)?$/;

/**
 * The milliseconds of an ISO 8601 duration. Years and months are refused: they are of no fixed length.
 * @throws EventlineError BAD_USER_INPUT
 */
export function parseDuration(value: unknown): number {
  const parts = typeof value === 'string' ? DURATION.exec(value) : null;
  if (parts === null) {
    throw new EventlineError(
      'BAD_USER_INPUT',
      'Expected an ISO 8601 duration of weeks, days, hours, minutes (6 digits each at most) and seconds, such as "PT24H" or "P7D"; years and months are of no fixed length.',
    );
  }
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1, 6)
    .map((part) => Number(part ?? 0));
  const fraction = Number(`0.${parts[6] ?? 0}`);
  const totalSeconds = hours * 3_600 + minutes * 60 + seconds + fraction;
  return (weeks * 7 + days) * DAY_MS + Math.round(totalSeconds * SECOND_MS);
}

/** The internal value is a number of milliseconds. */
builder.scalarType('Duration', {
  description: withExample(
    'A duration (ISO 8601) of weeks, days, hours, minutes and seconds; years and months are refused, since their length varies.',
    'PT24H',
  ),
  parseValue: parseDuration,
  serialize: (ms) => `PT${ms / SECOND_MS}S`,
});
