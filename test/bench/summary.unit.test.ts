import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Result, toSummary, withSummary } from '../../bench/src/report/to-summary.ts';
import { taskNames } from '../../bench/src/task-names.ts';

const bench = join(import.meta.dirname, '../../bench');

test('the README holds the summary of the newest results', () => {
  const results = taskNames.map(
    (task): Result => JSON.parse(readFileSync(join(bench, 'results', `${task}.json`), 'utf8')),
  );
  const readme = readFileSync(join(bench, 'README.md'), 'utf8');
  expect(readme).toBe(withSummary(readme, results));
});

test('each task appears once, and each target has its verdict', () => {
  const about = { task: 'intake', title: 'Intake', date: '2026-01-31' };
  const targets = [
    { metric: 'to one', wanted: 'at min 5', measured: 5.123, reached: true },
    { metric: 'to the other', wanted: 'at min 1', measured: 0.4, reached: false },
    { metric: 'to a third', wanted: 'at min 1', measured: undefined, reached: undefined },
  ];
  expect(
    toSummary([{ ...about, targets }])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| [Intake](results/intake.md), 2026-01-31 | to one | at min 5 | 5.12 | yes |',
    '|  | to the other | at min 1 | 0.4 | no |',
    '|  | to a third | at min 1 |  | not measured |',
  ]);
  expect(() => withSummary('nothing', [])).toThrow('bench/README.md');
});
