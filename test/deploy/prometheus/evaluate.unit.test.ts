import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { createTimeSeries } from './time-series.ts';

const TARGET = { job: 'eventline', instance: 'a:1' };
const STEP_MS = 15_000;

/**
 * Series in the notation of Prometheus' own tests: a value every 15 s, `_` for a missing sample.
 */
function load(...lines: [name: string, labels: Record<string, string>, values: string][]) {
  const series = createTimeSeries();
  const columns = lines.map(([, , values]) => values.split(' '));
  const steps = Math.max(...columns.map(({ length }) => length));
  for (let step = 0; step < steps; step += 1) {
    const samples = lines.flatMap(([name, labels], index) => {
      const value = columns[index]?.[step];
      return value === undefined || value === '_' ? [] : [{ name, labels, value: Number(value) }];
    });
    series.add(TARGET, samples, step * STEP_MS);
  }
  return (text: string, atMs = (steps - 1) * STEP_MS) =>
    evaluate(text, series, atMs).map(({ labels, value }) => {
      const { job, instance, ...own } = labels;
      return [own, value];
    });
}

const minutes = (count: number) => count * 60_000;

describe('a counter', () => {
  const rising = load(['a_total', { type: 'x' }, '0 10 20 30 40']);
  test.each([
    // The first sample is outside the half-open range: 30 in 45 s, extrapolated by 15 s.
    ['increase(a_total[1m])', minutes(1), 40],
    ['rate(a_total[1m])', minutes(1), 40 / 60],
    // Six seconds after the last sample is less than a step, so the growth is extrapolated.
    ['increase(a_total[1m])', minutes(1) + 6_000, 40],
    // A counter that starts at zero is not extrapolated before its start.
    ['increase(a_total[5m])', minutes(1), 40],
  ])('%s at %i ms', (text, atMs, value) => {
    const [[, found] = []] = rising(text, atMs);
    expect(found).toBeCloseTo(value, 9);
  });

  test('that was reset counts from 0 after the reset', () => {
    const asked = load(['a_total', {}, '8 8 2 4 4']);
    const [[, found] = []] = asked('increase(a_total[1m])', minutes(1));
    expect(found).toBeCloseTo((2 + 2) * (60 / 45), 9);
  });

  test('that appears with a value has not increased', () => {
    expect(load(['a_total', {}, '_ _ 1 1 1'])('increase(a_total[1m])')).toEqual([[{}, 0]]);
    expect(load(['a_total', {}, '_ _ _ _ 1'])('increase(a_total[1m])')).toEqual([]);
  });
});

test('an expression without elements is absent', () => {
  const asked = load(['a', {}, '1 1'], ['b', {}, '1 _']);
  expect([asked('absent(a)'), asked('absent(b)'), asked('absent(c{x="y"})')]).toEqual([
    [],
    [[{}, 1]],
    [[{}, 1]],
  ]);
});

test('a series ends when a scrape lacks it, or 5 minutes after its last sample', () => {
  const asked = load(['a', {}, '1 1 _'], ['b', {}, '2 2 2']);
  expect([asked('a'), asked('b')]).toEqual([[], [[{}, 2]]]);
  expect(asked('b', minutes(5.4))).toEqual([[{}, 2]]);
  expect(asked('b', minutes(5.5))).toEqual([]);
});

test('up tells whether the target answered', () => {
  const series = createTimeSeries();
  series.add(TARGET, [{ name: 'a', labels: {}, value: 1 }], 0);
  series.add(TARGET, undefined, STEP_MS);
  expect(evaluate('up{job="eventline"} == 0', series, STEP_MS)).toHaveLength(1);
  expect(evaluate('a', series, STEP_MS)).toEqual([]);
});

describe('vectors', () => {
  const asked = load(
    ['a', { kind: 'x', type: '1' }, '4'],
    ['a', { kind: 'x', type: '2' }, '6'],
    ['a', { kind: 'yy', type: '1' }, '1'],
    ['b', { kind: 'x', type: '1' }, '8'],
  );
  test.each([
    ['sum by (kind) (a)', [{ kind: 'x' }, 10], [{ kind: 'yy' }, 1]],
    ['sum(a)', [{}, 11]],
    ['min by (type) (a)', [{ type: '1' }, 1], [{ type: '2' }, 6]],
    ['max(a) - min(a)', [{}, 5]],
    ['a{kind=~"y+"}', [{ kind: 'yy', type: '1' }, 1]],
    // Prometheus anchors regular expressions.
    ['a{kind=~"y"}'],
    ['a{kind!="x"}', [{ kind: 'yy', type: '1' }, 1]],
    ['a{kind!~"y.|z"} > 4', [{ kind: 'x', type: '2' }, 6]],
    ['a / b', [{ kind: 'x', type: '1' }, 0.5]],
    ['(a) >= 6', [{ kind: 'x', type: '2' }, 6]],
  ] as const)('%s', (text, ...expected) => {
    expect(asked(text)).toEqual(expected);
  });
});

test.each([
  [0.5, 0.15],
  [0.9, 0.5],
  [1, 0.5],
])('the quantile %d of a histogram lies within its bucket', (quantile, value) => {
  const asked = load(
    ['h_bucket', { le: '0.1' }, '2'],
    ['h_bucket', { le: '0.2' }, '6'],
    ['h_bucket', { le: '0.5' }, '7'],
    // Above the last bound only that bound is known.
    ['h_bucket', { le: '+Inf' }, '8'],
  );
  const [[, found] = []] = asked(`histogram_quantile(${quantile}, h_bucket)`);
  expect(found).toBeCloseTo(value, 9);
});

test.each([
  'a >',
  'sum without (x) (a)',
  'avg(a)',
  'a + on (x) b',
  'delta(a[5m])',
  '-a',
  'a offset 5m',
])('%s is refused', (text) => expect(() => load(['a', {}, '1'])(text)).toThrow(SyntaxError));
