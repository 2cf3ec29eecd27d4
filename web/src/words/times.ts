const clock = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
});
const exactClock = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  fractionalSecondDigits: 3,
});
const minutes = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
});
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** An instant as local time of day; with its date if it is not today. */
export function clockTime(instant: Date | string | null | undefined): string {
  if (!instant) return '–';
  const date = new Date(instant);
  return datedTime(date, clock, date.toDateString() === new Date().toDateString());
}

/**
 * An instant as local time of day with milliseconds; with its date unless it is within half a day of
 * now, so that the rows of a live list do not all change at midnight.
 */
export function exactTime(instant: string): string {
  const date = new Date(instant);
  return datedTime(date, exactClock, Math.abs(Date.now() - date.getTime()) < DAY_MS / 2);
}

function datedTime(date: Date, format: Intl.DateTimeFormat, isDayKnown: boolean): string {
  if (isDayKnown) return format.format(date);
  const isThisYear = date.getFullYear() === new Date().getFullYear();
  return isThisYear
    ? `${shortDay.format(date)} ${format.format(date)}`
    : `${day.format(date)} ${clock.format(date)}`;
}

/** An instant as local hour and minute. Unit: milliseconds since 1970. */
export function minuteTime(ms: number): string {
  return minutes.format(ms);
}

/** An instant as local day. Unit: milliseconds since 1970. */
export function dayName(ms: number): string {
  return shortDay.format(ms);
}

/** An instant as local day and hour. Unit: milliseconds since 1970. */
export function dayTime(ms: number): string {
  return `${shortDay.format(ms)} ${minutes.format(ms)}`;
}

/** An instant in full local time, with milliseconds. */
export function fullTime(instant: string | null | undefined): string {
  if (!instant) return '–';
  const date = new Date(instant);
  return `${day.format(date)} ${exactClock.format(date)}`;
}

const units = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

/** A duration in its largest whole unit: "3 min". Unit: milliseconds. */
export function duration(ms: number): string {
  const size = Math.abs(ms);
  if (size < SECOND_MS) return `${Math.round(size)} ms`;
  const [name, unit] = units.find(([, unit]) => size >= unit) ?? units[3];
  return `${Math.floor(size / unit)} ${name}`;
}

/** How long ago an instant was: "3 min ago". A sender's clock may be ahead. */
export function ago(instant: string, nowMs: number): string {
  const ms = nowMs - Date.parse(instant);
  if (ms < -SECOND_MS) return `in ${duration(ms)}`;
  return ms < SECOND_MS ? 'now' : `${duration(ms)} ago`;
}
