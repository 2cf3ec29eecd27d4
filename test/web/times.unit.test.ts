import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clockTime, exactTime } from '../../web/src/words/times.ts';

// Local time, a quarter of an hour after midnight.
beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 11, 1, 0, 15), toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const DATED = /30.*23:08:40|23:08:40.*30/;

test('the evening before has its date shortly after midnight', () => {
  expect(clockTime(new Date(2026, 10, 30, 23, 8, 40))).toMatch(DATED);
  expect(clockTime(new Date(2026, 11, 1, 0, 3, 52))).toBe('00:03:52');
  expect(clockTime(null)).toBe('–');
});

test('only another year is named', () => {
  expect(clockTime(new Date(2026, 9, 21, 8, 37, 19))).not.toContain('2026');
  expect(clockTime(new Date(2025, 9, 21, 8, 37, 19))).toContain('2025');
});

test('the rows of a live list keep their form at midnight', () => {
  expect(exactTime(new Date(2026, 10, 30, 23, 8, 40).toISOString())).toMatch(/^23:08:40.000$/);
  expect(exactTime(new Date(2026, 10, 30, 8, 8, 40).toISOString())).toMatch(/30/);
});
