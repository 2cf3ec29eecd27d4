import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSuspendAwareInterval } from '../../../src/server/websocket/suspend-aware-interval.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('each tick reports the time since the last one', () => {
  const beats: number[] = [];
  const pulse = startSuspendAwareInterval(100, (elapsedMs) => beats.push(elapsedMs));
  vi.advanceTimersByTime(300);
  pulse.stop();
  vi.advanceTimersByTime(300);
  expect(beats).toEqual([100, 100, 100]);
});

test('time while the process was suspended counts as two ticks', () => {
  const beats: number[] = [];
  const pulse = startSuspendAwareInterval(100, (elapsedMs) => beats.push(elapsedMs));
  // The clock advances without the timers, as during a suspension.
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
  vi.advanceTimersByTime(100);
  pulse.stop();
  expect(beats).toEqual([200]);
  vi.restoreAllMocks();
});
