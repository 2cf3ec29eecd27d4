import { expect, test, vi } from 'vitest';
import { createMemoryBudget } from '../../src/memory/memory-budget.ts';
import { holdTimers } from '../auth/hold-long-timers.ts';
import { freshDatabase } from '../utils/database.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { openFeed, take, upTo } from './open-feed.ts';

const EVENTS = 12;
const READERS = 10;
const TEXT = 'x'.repeat(200_000);
/** Two events fit. */
const PAGE_BYTES = 500_000;
const PAGES = 3;
/** How often the budget looks for memory to reclaim, in milliseconds. */
const LOOK_MS = 500;

/** A feed of large events whose replays share the memory of three pages, with a filter for each. */
async function openLarge() {
  const memory = createMemoryBudget({
    maxPageBytes: PAGE_BYTES,
    maxAnswerBytes: PAGE_BYTES,
    maxAnsweringBytes: PAGES * PAGE_BYTES,
  });
  const opened = await openFeed((await freshDatabase()).uri, { maxBytes: PAGE_BYTES, memory });
  await opened.append(EVENTS, { text: TEXT });
  const subscribe = (index: number, viewer?: string) =>
    opened.feed.subscribe({ types: ['unknown', `type_${index}`] }, 0, { viewer });
  return { ...opened, memory, subscribe };
}

test('replays with unread pages stay within the common memory, and all events are delivered', async () => {
  const { memory, subscribe } = await openLarge();
  const readers = upTo(READERS).map((index) => subscribe(index));
  let begun = 0;
  const first = readers.map(async (reader) => {
    const [position] = await take(reader, 1);
    begun += 1;
    return position;
  });
  await waitUntil(() => begun === PAGES);
  // The others wait for memory, not for the database.
  expect(await take(subscribe(READERS + 1), 0)).toEqual([]);
  expect(memory.heldBytes()).toBeGreaterThan(PAGES * TEXT.length);
  expect(memory.heldBytes()).toBeLessThanOrEqual(PAGES * PAGE_BYTES);
  expect(begun).toBe(PAGES);

  // Each replay that continues frees memory for another one.
  const all = await Promise.all(
    readers.map(async (reader, index) => {
      const position = await first[index];
      const rest = await take(reader, EVENTS - 1);
      await reader.return?.();
      return [position, ...rest];
    }),
  );
  expect(all).toEqual(readers.map(() => upTo(EVENTS)));
});

test('one viewer leaves the others half', async () => {
  const { memory, subscribe } = await openLarge();
  const greedy = upTo(READERS).map((index) => subscribe(index, 'greedy'));
  const taken = greedy.map((reader) => take(reader, 1));
  await Promise.race(taken);
  const other = subscribe(READERS + 1, 'other');
  expect(await take(other, EVENTS)).toEqual(upTo(EVENTS));
  for (const reader of [...greedy, other]) await reader.return?.();
  await Promise.all(taken);
  await waitUntil(() => memory.heldBytes() === 0);
});

test('pages that are not taken are given back while others wait, and read again', async () => {
  const timers = holdTimers((delayMs) => delayMs === LOOK_MS);
  const { memory, subscribe } = await openLarge();
  const stalled = upTo(PAGES).map((index) => subscribe(index));
  for (const reader of stalled) expect(await take(reader, 1)).toEqual([1]);
  const waiting = take(subscribe(READERS), EVENTS);
  await waitUntil(memory.isScarce);
  const nowMs = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs + 60_000);
  timers.fire(LOOK_MS);
  expect(await waiting).toEqual(upTo(EVENTS));
  for (const reader of stalled) {
    expect(await take(reader, EVENTS - 1)).toEqual(upTo(EVENTS, 1));
    await reader.return?.();
  }
});
