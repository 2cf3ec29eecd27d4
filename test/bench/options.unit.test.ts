import { expect, test } from 'vitest';
import { OptionsError, readOptions } from '../../bench/src/options.ts';
import { taskNames } from '../../bench/src/task-names.ts';

test('without arguments everything is measured in three rounds', () => {
  expect(readOptions([])).toEqual({
    tasks: taskNames,
    quick: false,
    rounds: 3,
    json: false,
    profile: false,
    only: undefined,
  });
});

test('tasks, rounds and contestants can be selected', () => {
  const options = readOptions(['intake', 'fanout', 'intake', '--rounds', '5', '--only', 'apollo']);
  expect(options).toMatchObject({ tasks: ['intake', 'fanout'], rounds: 5, only: ['apollo'] });
  expect(readOptions(['fanout', '--quick'])).toMatchObject({ quick: true, rounds: 1 });
});

test.each([
  [['fan-out'], 'TASK: unknown value fan-out; expected one of fanout, one-of-many'],
  [['--only', 'ours'], '--only: unknown value ours; expected one of eventline, apollo'],
  [['--rounds', '0'], '--rounds: expected a whole number from 1 to 99, got 0'],
  [['--rounds', 'many'], '--rounds: expected a whole number from 1 to 99, got many'],
  [['--quick', '--rounds', '3'], '--rounds: cannot be combined with --quick'],
  [['--fast'], '--fast'],
])('%j is refused with the reason', (args, message) => {
  expect(() => readOptions(args)).toThrow(OptionsError);
  expect(() => readOptions(args)).toThrow(message);
});
