import { expect, test } from 'vitest';
import { createPauses } from './pauses.ts';

test('the longest pause includes the current one, and excludes what was not due or is excused', () => {
  let nowMs = 0;
  const pauses = createPauses(() => nowMs);
  const at = (ms: number) => {
    nowMs = ms;
    return pauses;
  };
  at(100).expect();
  at(130).expect();
  at(150).mark();
  expect(at(400).longestMs()).toBe(50);
  at(400).expect();
  expect(at(500).longestMs()).toBe(100);
  at(520).excuse();
  at(530).expect();
  at(900).mark();
  at(1_000).resume();
  at(1_100).expect();
  expect(at(2_000).longestMs()).toBe(120);
  at(2_100).mark();
  at(2_200).expect();
  expect(at(2_350).longestMs()).toBe(150);
});
