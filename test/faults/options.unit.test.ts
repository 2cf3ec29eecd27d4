import { expect, test } from 'vitest';
import { OptionsError, readOptions } from './options.ts';

test.each([
  [['--minute', '1'], '--minute'],
  [['more'], 'more'],
  [['--minutes'], '--minutes'],
  [['--minutes', '0'], '--minutes: expected a number from 0.1 to 1440, got 0'],
  [['--minutes', 'ten'], '--minutes: expected a number from 0.1 to 1440, got ten'],
  [['--servers', '2.5'], '--servers: expected a whole number from 1 to 16, got 2.5'],
  [['--seed=-1'], '--seed: expected a whole number from 0 to 4294967295, got -1'],
  [
    ['--scenario', 'calm'],
    '--scenario: expected mixed, holder, restart, stalled-reader, contention',
  ],
  [['--scenario', 'contention', '--faults', '3'], 'the scenario contention does not take it'],
])('%j is refused with a message that says why', (args, message) => {
  expect(() => readOptions(args)).toThrow(OptionsError);
  expect(() => readOptions(args)).toThrow(message);
});

test('given options take precedence over defaults, and a long run has more readers', () => {
  const long = { minutes: 10, readers: 200, faults: 60, seed: 7 };
  expect(readOptions(['--minutes', '10', '--seed', '7'])).toMatchObject(long);
  expect(readOptions(['--minutes', '10', '--readers', '5'])).toMatchObject({ readers: 5 });
  expect(readOptions([])).toMatchObject({ scenario: 'mixed', minutes: 0.75, readers: 40 });
  expect(readOptions(['--help', '--minutes', '10'])).toBe('help');
});
