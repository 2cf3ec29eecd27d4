import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSuspendAwareInterval } from '../../../src/server/websocket/suspend-aware-interval.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('each beat says how long ago the last one was', () => {
  const beats: number[] = [];
  const pulse = startSuspendAwareInterval(100, (elapsedMs) => beats.push(elapsedMs));
  vi.advanceTimersByTime(300);
  pulse.stop();
  vi.advanceTimersByTime(300);
  expect(beats).toEqual([100, 100, 100]);
});

test('a time in which the process stood still counts as two beats', () => {
  const beats: number[] = [];
  const pulse = startSuspendAwareInterval(100, (elapsedMs) => beats.push(elapsedMs));
  // The clock goes on, the timers do not.
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
  vi.advanceTimersByTime(100);
  pulse.stop();
  expect(beats).toEqual([200]);
  vi.restoreAllMocks();
});
