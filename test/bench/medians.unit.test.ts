import { expect, test } from 'vitest';
import { percentile } from '../../bench/src/load/percentile.ts';
import { medianRatio, mediansOf } from '../../bench/src/measure-in-rounds.ts';
import { target } from '../../bench/src/report/report.ts';

test('the median of each figure is shown, sorted as numbers', () => {
  const rounds = [
    { rate: 9, cpu: 1 },
    { rate: 100, cpu: 3 },
    { rate: 20, cpu: 2 },
  ];
  expect(mediansOf(rounds)).toEqual({ rate: 20, cpu: 2 });
  expect(mediansOf(rounds.slice(0, 2))).toEqual({ rate: 54.5, cpu: 2 });
});

test('a ratio is taken within each round, and rounds without one of the two are left out', () => {
  const rounds = new Map([
    ['eventline', [{ rate: 100 }, { rate: 10 }, {}, { rate: 50 }]],
    ['eventline-3', [{ rate: 80 }, { rate: 9 }, { rate: 1 }, { rate: 35, cpu: 3 }]],
  ] as const);
  expect(medianRatio(rounds, ['eventline-3', 'eventline'], 'rate')).toBe(0.8);
  expect(medianRatio(rounds, ['eventline-3', 'eventline'], 'cpu')).toBeNaN();
  expect(medianRatio(rounds, ['eventline-5', 'eventline'], 'rate')).toBeUndefined();
  expect(mediansOf(rounds.get('eventline-3') ?? [])).toEqual({ rate: 22, cpu: 3 });
});

test('a percentile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(values, 0.5, 0.99)).toEqual([51, 100]);
  expect(percentile([], 0.5)).toEqual([Number.NaN]);
});

test('a missing value counts neither as reached nor as missed', () => {
  expect(target('rate', 5, { min: 5 }).reached).toBe(true);
  expect(target('p50', 1.6, { max: 1.5 }).reached).toBe(false);
  expect(target('rate', undefined, { min: 5 }).reached).toBeUndefined();
  expect(target('rate', Number.NaN, { max: 5 }).reached).toBeUndefined();
});
