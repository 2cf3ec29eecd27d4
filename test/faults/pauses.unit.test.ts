import { expect, test } from 'vitest';
import { createPauses } from './pauses.ts';

test('the longest pause includes the current one, and excludes excused ones', () => {
  let nowMs = 0;
  const pauses = createPauses(() => nowMs);
  const at = (ms: number) => {
    nowMs = ms;
    return pauses;
  };
  at(100).mark();
  at(150).mark();
  at(250).mark();
  expect(at(300).longestMs()).toBe(100);
  at(320).excuse();
  at(900).mark();
  at(1_000).resume();
  expect(at(2_000).longestMs()).toBe(100);
  at(2_100).mark();
  expect(at(2_250).longestMs()).toBe(150);
});
