import { expect, test } from 'vitest';
import { chartRanges, HOUR_MS, MINUTE_MS } from '../../web/src/chart/range.ts';
import { countWithin, stackCounts } from '../../web/src/chart/stack-counts.ts';
import { presets } from '../../web/src/filters/time-presets.ts';

const NOW_MS = Date.UTC(2026, 10, 30, 12, 34);
const iso = (ms: number) => new Date(ms).toISOString();
/** One installation and two opened apps in each of the last four hours. */
const buckets = new Map(
  [9, 10, 11, 12].map((hour) => [
    Date.UTC(2026, 10, 30, hour),
    new Map([['INSTALLATION_CREATED', 1] as const, ['APP_OPENED', 2] as const]),
  ]),
);
const stacked = stackCounts(buckets, ['INSTALLATION_CREATED'], NOW_MS, chartRanges['24h']);

test('the drawn events of a span of whole columns are counted', () => {
  const from = iso(Date.UTC(2026, 10, 30, 10));
  expect(stacked.drawn).toBe(4);
  expect(countWithin(stacked, { from, until: undefined })).toBe(3);
  expect(countWithin(stacked, { from, until: iso(Date.UTC(2026, 10, 30, 12)) })).toBe(2);
});

test('a span that is not one of whole columns of the chart is not counted', () => {
  const hour = Date.UTC(2026, 10, 30, 10);
  for (const [from, until] of [
    [hour + MINUTE_MS, undefined],
    [hour, hour + 90 * MINUTE_MS],
    [hour - 30 * HOUR_MS, undefined],
  ] as const) {
    const span = { from: iso(from), until: until === undefined ? until : iso(until) };
    expect(countWithin(stacked, span)).toBeUndefined();
  }
});

test('the presets of a time have a chart that contains it', () => {
  for (const { id, span } of presets) {
    const { from, range } = span();
    if (id === 'any') continue;
    if (!from || !range) throw new Error(id);
    const { ms, bucketMs } = chartRanges[range];
    expect([id, Date.now() - Date.parse(from) <= ms + bucketMs]).toEqual([id, true]);
  }
});
