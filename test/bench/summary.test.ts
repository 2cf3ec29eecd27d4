import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Result, toSummary, withSummary } from '../../bench/src/report/to-summary.ts';
import { workNames } from '../../bench/src/works.ts';

const bench = join(import.meta.dirname, '../../bench');

test('the README has the summary of the newest results', () => {
  const results = workNames.map(
    (work): Result => JSON.parse(readFileSync(join(bench, 'results', `${work}.json`), 'utf8')),
  );
  const readme = readFileSync(join(bench, 'README.md'), 'utf8');
  expect(readme).toBe(withSummary(readme, results));
});

test('a task is named once, and each target has its verdict', () => {
  const about = { work: 'intake', title: 'Intake', date: '2026-01-31' };
  const goals = [
    { what: 'to one', wanted: 'at least 5', got: 5.123, reached: true },
    { what: 'to the other', wanted: 'at least 1', got: 0.4, reached: false },
    { what: 'to a third', wanted: 'at least 1', got: undefined, reached: undefined },
  ];
  expect(
    toSummary([{ ...about, goals }])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| [Intake](results/intake.md), 2026-01-31 | to one | at least 5 | 5.12 | yes |',
    '|  | to the other | at least 1 | 0.4 | no |',
    '|  | to a third | at least 1 |  | not measured |',
  ]);
  expect(() => withSummary('nothing', [])).toThrow('no marks');
});
