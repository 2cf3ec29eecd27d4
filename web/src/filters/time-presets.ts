import type { ListView, Range } from '../address/view.ts';

/** A span of time, and the range of the chart that contains it. */
type Span = Pick<ListView, 'from' | 'until'> & Partial<Pick<ListView, 'range'>>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From this long ago on, with new events. */
const last = (ms: number, range: Range) => (): Span => ({
  from: new Date(Date.now() - ms).toISOString(),
  until: undefined,
  range,
});

/** Returns the local midnight this many days ago. */
function midnight(daysAgo: number): string {
  const date = new Date();
  date.setHours(0, 0, 0, 0);
  date.setDate(date.getDate() - daysAgo);
  return date.toISOString();
}

/** The ranges that people ask for most. */
export const presets: readonly { id: string; name: string; span: () => Span }[] = [
  { id: 'any', name: 'Any time', span: () => ({ from: undefined, until: undefined }) },
  { id: '15m', name: 'Last 15 minutes', span: last(15 * MINUTE_MS, '15m') },
  { id: '1h', name: 'Last hour', span: last(HOUR_MS, '1h') },
  { id: '24h', name: 'Last 24 hours', span: last(DAY_MS, '24h') },
  {
    ...{ id: 'today', name: 'Today' },
    span: () => ({ from: midnight(0), until: undefined, range: '24h' }),
  },
  {
    ...{ id: 'yesterday', name: 'Yesterday' },
    span: () => ({ from: midnight(1), until: midnight(0), range: '7d' }),
  },
  { id: '7d', name: 'Last 7 days', span: last(7 * DAY_MS, '7d') },
];
