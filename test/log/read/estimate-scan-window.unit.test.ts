import { expect, test } from 'vitest';
import { createScanWindowEstimator } from '../../../src/log/read/estimate-scan-window.ts';
import type { Filter } from '../../../src/log/read/filter.ts';

const PAGE = 51;

/** Returns the window widths of a read in which every n-th event matches, none before `from`. */
function widths(
  guess: ReturnType<typeof createScanWindowEstimator>,
  filter: Filter,
  every: number,
  from = 0,
) {
  const windows = guess(filter);
  const asked: number[] = [];
  let place = 0;
  let wanted = PAGE;
  while (wanted > 0) {
    const width = windows.next(wanted);
    asked.push(width);
    const found = Math.floor(Math.max(0, place + width - Math.max(place, from)) / every);
    const taken = Math.min(found, wanted);
    const through = taken === wanted ? Math.max(from - place, 0) + taken * every : width;
    windows.found(taken, through);
    wanted -= taken;
    place += through;
  }
  return asked;
}

test.each([
  ['a user', { userIds: ['one'] }, 5_000],
  ['an installation', { installationIds: ['one'] }, 800],
  ['a common type', { types: ['message_sent'] }, 3],
  ['a rare type', { types: ['user_first_logged_in'] }, 2_000],
])('the second page of %s needs one window, which is not much too wide', (_, filter, every) => {
  const guess = createScanWindowEstimator();
  widths(guess, filter, every);
  const again = widths(guess, filter, every);
  expect(again).toHaveLength(1);
  expect(again[0]).toBeGreaterThanOrEqual(PAGE * every);
  expect(again[0]).toBeLessThanOrEqual(3 * PAGE * every);
});

test('estimates for one filter do not affect another', () => {
  const guess = createScanWindowEstimator();
  const [unknown] = widths(guess, { userIds: ['two'] }, 10);
  widths(guess, { userIds: ['one'] }, 5_000);
  expect(widths(createScanWindowEstimator(), { userIds: ['two'] }, 10)[0]).toBe(unknown);
  expect(guess({ userIds: ['three'] }).next(PAGE)).toBe(unknown);
});

test('windows grow where nothing matches, and a time span starts afresh', () => {
  const guess = createScanWindowEstimator();
  const filter = { types: ['app_opened'], occurredOn: { from: new Date(0) } };
  const far = widths(guess, filter, 4, 1_000_000);
  expect(far.length).toBeLessThan(10);
  for (const [index, width] of far.slice(1).entries()) {
    expect(width).toBeGreaterThanOrEqual(far[index] ?? 0);
  }
  expect(guess(filter).next(PAGE)).toBe(far[0]);
});

test('without a filter the window equals the requested count', () => {
  const windows = createScanWindowEstimator()({});
  expect(windows.next(PAGE)).toBe(PAGE);
  windows.found(PAGE - 1, PAGE);
  expect(windows.next(1)).toBe(1);
});

test('no window exceeds what one query can scan in time', () => {
  const guess = createScanWindowEstimator();
  const asked = widths(guess, { types: ['app_opened'] }, 4, 20_000_000);
  expect(Math.max(...asked)).toBe(262_144);
});
