import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { setLongTimeout } from '../../../src/server/http/set-long-timeout.ts';

const DAY_MS = 24 * 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['in a second', 1_000],
  ['in the longest time that a timer takes', 2 ** 31 - 1],
  ['a moment later', 2 ** 31],
  ['in 60 days', 60 * DAY_MS],
  ['in ten years', 3_652 * DAY_MS],
])('calls back once, %s and not before', (_, delayMs) => {
  const callback = vi.fn();
  setLongTimeout(Date.now() + delayMs, callback);
  vi.advanceTimersByTime(delayMs - 1);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60 * DAY_MS);
  expect(callback).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ['past', -DAY_MS],
  ['long past', -Number.MAX_VALUE],
])('an instant that is %s fires at once', (_, delayMs) => {
  const callback = vi.fn();
  setLongTimeout(Date.now() + delayMs, callback);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledOnce();
});

test.each([Number.POSITIVE_INFINITY, 8.64e15, Number.MAX_VALUE])('%d never fires', (atMs) => {
  const callback = vi.fn();
  setLongTimeout(atMs, callback);
  vi.advanceTimersByTime(365 * DAY_MS);
  expect(callback).not.toHaveBeenCalled();
});

test.each([1_000, 60 * DAY_MS])('a cancelled timeout never fires (%d ms)', (delayMs) => {
  const callback = vi.fn();
  const callOff = setLongTimeout(Date.now() + delayMs, callback);
  vi.advanceTimersByTime(delayMs - 1);
  callOff();
  vi.advanceTimersByTime(DAY_MS);
  expect(callback).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
