import type { ListView } from '../address/view.ts';

type Span = Pick<ListView, 'from' | 'until'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From this long ago on, with new events. */
const last = (ms: number) => (): Span => ({
  from: new Date(Date.now() - ms).toISOString(),
  until: undefined,
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
  { id: '15m', name: 'Last 15 minutes', span: last(15 * MINUTE_MS) },
  { id: '1h', name: 'Last hour', span: last(HOUR_MS) },
  { id: '24h', name: 'Last 24 hours', span: last(DAY_MS) },
  { id: 'today', name: 'Today', span: () => ({ from: midnight(0), until: undefined }) },
  { id: 'yesterday', name: 'Yesterday', span: () => ({ from: midnight(1), until: midnight(0) }) },
  { id: '7d', name: 'Last 7 days', span: last(7 * DAY_MS) },
];
