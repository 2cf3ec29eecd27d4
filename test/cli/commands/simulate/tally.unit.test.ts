import { expect, test } from 'vitest';
import { createTally } from '../../../../src/cli/commands/simulate/tally.ts';

type Answered = Parameters<ReturnType<typeof createTally>['answered']>;
type Delivered = Answered[1];

const answer = (status: string, position?: number, id = 'an-id') =>
  ({ httpStatus: 200, retries: 0, answerMs: 1, answer: { status, id, position } }) as Delivered;

/** Returns whether the answer to a redelivery is as expected. */
function isExpected(repeat: Delivered, first: Delivered, isConcurrent: boolean): boolean {
  const tally = createTally();
  tally.answered('repeat', repeat, { delivered: first, isConcurrent });
  return tally.counts.get('repeat')?.asExpected === 1;
}

test('two instances may both store what they get at the same moment', () => {
  expect(isExpected(answer('stored'), answer('stored', 7), true)).toBe(true);
  expect(isExpected(answer('stored', 7), answer('stored'), true)).toBe(true);
  expect(isExpected(answer('stored'), answer('stored'), true)).toBe(true);
  expect(isExpected(answer('duplicate', 7), answer('stored'), true)).toBe(true);
});

test.for([
  ['of a later redelivery', answer('stored'), answer('stored', 7), false],
  ['of one instance', answer('stored', 7), answer('stored', 7), true],
  ['with another position', answer('stored', 8), answer('stored', 7), true],
  ['with another id', answer('stored', undefined, 'other'), answer('stored', 7), true],
  ['of a duplicate with another position', answer('duplicate', 8), answer('stored', 7), true],
] as const)('a second "stored" %s is a fault', ([, repeat, first, isConcurrent]) => {
  expect(isExpected(repeat, first, isConcurrent)).toBe(false);
});
