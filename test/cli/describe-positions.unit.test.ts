import { expect, test } from 'vitest';
import { describePositions } from '../../src/cli/describe-positions.ts';

test.for([
  [[], ''],
  [[7], ' at position 7'],
  [[5, 3, 4], ' at positions 3 to 5'],
  [[9, 3, 4, 5], ' at positions 3 to 5 and 9'],
  [[1, 3, 5, 6], ' at positions 1, 3 and 5 to 6'],
  [[1, 3, 5, 7, 9, 11, 13], ' between positions 1 and 13'],
] as const)('%j', ([positions, text]) => {
  expect(describePositions(positions)).toBe(text);
});
