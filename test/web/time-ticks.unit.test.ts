import { expect, test } from 'vitest';
import { chartRanges, MINUTE_MS } from '../../web/src/chart/range.ts';
import { timeTicks } from '../../web/src/chart/scale.ts';
import { stackCounts } from '../../web/src/chart/stack-counts.ts';

/** Local time, since the axis shows that. */
const NOW_MS = new Date(2026, 10, 30, 23, 13, 27).getTime();

function ticksOf(range: keyof typeof chartRanges, labels: number): Date[] {
  const stacked = stackCounts(new Map(), [], NOW_MS, chartRanges[range]);
  return timeTicks(stacked, labels).map(({ index, begins }) => {
    expect(stacked.columns[index]?.begins).toBe(begins);
    return new Date(begins);
  });
}

test('the labels of the chart are at round minutes and hours', () => {
  expect(ticksOf('1h', 13).map((at) => at.getMinutes())).toEqual([
    ...[15, 20, 25, 30, 35, 40, 45, 50, 55],
    ...[0, 5, 10],
  ]);
  expect(ticksOf('1h', 8).map((at) => at.getMinutes())).toEqual([20, 30, 40, 50, 0, 10]);
  expect(ticksOf('24h', 13).map((at) => at.getHours() % 2)).toEqual(Array(12).fill(0));
  expect(ticksOf('24h', 13).map((at) => at.getMinutes())).toEqual(Array(12).fill(0));
});

test('a chart of days has a label at each midnight, or at fewer of them', () => {
  const midnights = ticksOf('7d', 13);
  expect(midnights.map((at) => [at.getHours(), at.getMinutes()])).toEqual(Array(7).fill([0, 0]));
  const some = ticksOf('7d', 3);
  expect(some.length).toBeGreaterThan(0);
  expect(some.length).toBeLessThanOrEqual(3);
  expect(some.map((at) => at.getTime())).toEqual(
    midnights.filter((at) => some.some((one) => one.getTime() === at.getTime())).map(Number),
  );
});

test('each label has its place, whatever the width', () => {
  for (const range of ['15m', '1h', '24h', '7d'] as const) {
    for (let labels = 1; labels <= 20; labels += 1) {
      const ticks = ticksOf(range, labels).map(Number);
      const least = Math.min(...ticks.slice(1).map((at, n) => at - (ticks[n] ?? 0)));
      // A change of the clocks takes an hour away at most.
      expect(least).toBeGreaterThanOrEqual(chartRanges[range].ms / labels - 60 * MINUTE_MS);
    }
  }
});
