import { expect, test } from 'vitest';
import { createPollSchedule } from '../../../src/log/tail/poll-schedule.ts';

test('polls are only rare while no events arrive and the change stream answers', () => {
  let nowMs = 0;
  const schedule = createPollSchedule(() => nowMs);
  /** How many of 60 polls, one a second, are due. */
  function pollsInAMinute(each: () => void): number {
    let polls = 0;
    for (let second = 0; second < 60; second += 1) {
      nowMs += 1_000;
      each();
      if (!schedule.isDue()) continue;
      schedule.onPoll();
      polls += 1;
    }
    return polls;
  }
  const answers = () => schedule.onAnswer();
  pollsInAMinute(answers);
  expect(pollsInAMinute(answers)).toBe(12);
  expect(pollsInAMinute(() => [schedule.onAnswer(), schedule.onEvent()])).toBe(60);
  pollsInAMinute(answers);
  // Silent from the fourth second on.
  expect(pollsInAMinute(() => undefined)).toBeGreaterThan(55);
});
