import { withExample } from '../with-example.ts';

/** Which instant of an event is used for counting. */
export const OCCURRED = "by the sender's instant (`occurredOn`) in `timeZone`";

/** Description of every `timeZone` argument. */
export const timeZoneArgument = {
  defaultValue: 'UTC',
  description: withExample('IANA time zone of the hours, days, weeks and months.', 'Europe/Madrid'),
};

/** Local dates, since a day begins at a different instant in each zone. */
export const calendar = [
  { field: 'day', dimension: 'DAY', what: 'The day', example: '2026-03-29' },
  { field: 'week', dimension: 'WEEK', what: 'The Monday of the week', example: '2026-03-23' },
  { field: 'month', dimension: 'MONTH', what: 'The first of the month', example: '2026-03-01' },
] as const;
