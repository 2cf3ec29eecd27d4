import { expect, onTestFinished, test, vi } from 'vitest';
import { createProjectionLag } from '../../src/projections/projection-lag.ts';

/** A log that grows, projections that follow, and a clock that the test sets. */
function lagging() {
  const state = { appliedUpTo: 0, head: 0, nowMs: 0 };
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => state.nowMs);
  onTestFinished(() => spy.mockRestore());
  return { state, lag: createProjectionLag(() => state) };
}

test('a constant lag is told as it is, however long events keep arriving', () => {
  const { state, lag } = lagging();
  // 20 events a second, each applied after two minutes.
  const told: number[] = [];
  for (; state.nowMs < 600_000; state.nowMs += 50) {
    state.head += 1;
    // The first event arrives at 0.
    state.appliedUpTo = Math.max(0, state.head - 2_400);
    lag.update();
    if (state.nowMs > 120_000) told.push(lag.read().ms);
  }
  expect(Math.min(...told)).toBeGreaterThan(119_000);
  expect(Math.max(...told)).toBeLessThan(122_000);
});

test('it is zero when everything is applied, and begins with the next event', () => {
  const { state, lag } = lagging();
  state.head = 3;
  lag.update();
  state.nowMs = 5_000;
  expect(lag.read()).toEqual({ positions: 3, ms: 5_000 });
  state.appliedUpTo = 3;
  lag.update();
  expect(lag.read()).toEqual({ positions: 0, ms: 0 });
  state.head = 4;
  lag.update();
  state.nowMs = 6_000;
  expect(lag.read()).toEqual({ positions: 1, ms: 1_000 });
});

test('events shortly after a mark are not forgotten when the mark is applied', () => {
  const { state, lag } = lagging();
  state.head = 1;
  lag.update();
  state.nowMs = 50;
  state.head = 2;
  lag.update();
  state.nowMs = 10_000;
  state.appliedUpTo = 1;
  lag.update();
  expect(lag.read().ms).toBeGreaterThanOrEqual(9_950);
});
