const clock = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
});
const minutes = new Intl.DateTimeFormat(undefined, {
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
});
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const DAY_MS = 24 * 60 * 60_000;

/** An instant as local time of day; with its date if it is not today. */
export function clockTime(instant: Date | string): string {
  const date = new Date(instant);
  const isNear = Math.abs(Date.now() - date.getTime()) < DAY_MS / 2;
  return isNear ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}

/** An instant as local hour and minute. Unit: milliseconds since 1970. */
export function minuteTime(ms: number): string {
  return minutes.format(ms);
}

/** An instant in full local time. */
export function fullTime(instant: string | null | undefined): string {
  return instant ? new Date(instant).toLocaleString() : '–';
}
