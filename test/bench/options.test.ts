import { expect, test } from 'vitest';
import { OptionsError, readOptions } from '../../bench/src/options.ts';
import { workNames } from '../../bench/src/works.ts';

test('without arguments everything is measured in three rounds', () => {
  expect(readOptions([])).toEqual({
    works: workNames,
    quick: false,
    rounds: 3,
    json: false,
    profile: false,
    only: undefined,
  });
});

test('works, rounds and contestants are taken as they are given', () => {
  const options = readOptions(['intake', 'fanout', 'intake', '--rounds', '5', '--only', 'apollo']);
  expect(options).toMatchObject({ works: ['intake', 'fanout'], rounds: 5, only: ['apollo'] });
  expect(readOptions(['fanout', '--quick'])).toMatchObject({ quick: true, rounds: 1 });
});

test.each([
  [['fan-out'], 'WORK: there is no fan-out; there are fanout, one-of-many'],
  [['--only', 'ours'], '--only: there is no ours; there are eventline, apollo'],
  [['--rounds', '0'], '--rounds: expected a whole number from 1 to 99, got 0'],
  [['--rounds', 'many'], '--rounds: expected a whole number from 1 to 99, got many'],
  [['--quick', '--rounds', '3'], '--rounds: --quick is one round'],
  [['--fast'], '--fast'],
])('%j is refused with what is wrong', (args, message) => {
  expect(() => readOptions(args)).toThrow(OptionsError);
  expect(() => readOptions(args)).toThrow(message);
});
