import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoredEvent } from '../../../src/catalog/event.ts';
import { sizeOf } from '../../../src/catalog/size-of.ts';
import { toPredicate } from '../../../src/log/read/filter.ts';
import { createLogReader, type LogReader } from '../../../src/log/read/log-reader.ts';
import { createLogState } from '../../../src/log/state/log-state.ts';
import { toDocument } from '../../../src/storage/event-document.ts';
import { type OpenedStorage, openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { anyFilter, matchesFilter, someEvents } from '../some-events.ts';

/** More than the first windows of a walk (256 positions, then 2,048). */
const LENGTH = 3_000;
const SEED = 42;

let opened: OpenedStorage;
let reader: LogReader;
const stored: StoredEvent[] = someEvents(LENGTH, SEED).map((event, index) => ({
  ...event,
  position: index + 1,
  // So rare that a walk needs several windows.
  userId: index === 2_900 ? 'rare' : event.userId,
}));

beforeAll(async () => {
  opened = await openStorage((await freshDatabase()).uri);
  const { collections } = opened;
  reader = createLogReader(collections.events, await createLogState(collections));
  await opened.collections.events.insertMany(
    stored.map((event) => toDocument(event, event.position)),
  );
});
afterAll(() => opened.close());

const bound = fc.integer({ min: -3, max: LENGTH + 100 });
const limit = fc.oneof(fc.nat(5), fc.nat(400));
const direction = fc.constantFrom('forward' as const, 'backward' as const);
const within = (after: number, upTo: number) =>
  stored.filter(({ position }) => position > after && position <= upTo);

test('every read equals a plain walk through the log', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyFilter,
      bound,
      bound,
      limit,
      direction,
      async (filter, a, b, limit, way) => {
        const [after, upTo] = [Math.min(a, b), Math.max(a, b)];
        const matching = within(after, upTo).filter((event) => matchesFilter(filter, event));
        const forward = way === 'forward';
        const expected = forward ? matching.slice(0, limit) : matching.slice(-limit || Infinity);
        const result = await reader.read({ after, upTo }, { filter, limit, direction: way });
        expect(result.events).toEqual(expected);
        // No match is between the returned events and the start of the next read.
        const [low, high] = forward ? [after, result.reached] : [result.reached, upTo];
        expect(matching.filter(({ position }) => position > low && position <= high)).toEqual(
          expected,
        );
      },
    ),
    { numRuns: 150, seed: SEED },
  );
});

test('a page is the longest within the byte limit, with at least one event', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyFilter,
      fc.integer({ min: 1, max: 400 }),
      fc.oneof(fc.nat(3_000), fc.nat(200_000)),
      direction,
      async (filter, limit, maxBytes, way) => {
        const matching = stored.filter((event) => matchesFilter(filter, event));
        const forward = way === 'forward';
        const given: StoredEvent[] = [];
        let [after, upTo] = [0, LENGTH];
        for (let pages = 0; pages < 4 && after < upTo; pages += 1) {
          const options = { filter, limit, maxBytes, direction: way };
          const { events, reached } = await reader.read({ after, upTo }, options);
          const left = matching.filter(({ position }) => position > after && position <= upTo);
          const count = longestPage(forward ? left : left.toReversed(), limit, maxBytes);
          expect(events).toEqual(forward ? left.slice(0, count) : left.slice(left.length - count));
          if (forward) after = reached;
          else upTo = reached;
          given.splice(forward ? given.length : 0, 0, ...events);
        }
        // Page by page nothing is missing or doubled.
        const { length } = given;
        expect(given).toEqual(
          forward ? matching.slice(0, length) : matching.slice(-length || LENGTH),
        );
      },
    ),
    { numRuns: 60, seed: SEED },
  );
});

/** Returns how many of the next events fit into a page. */
function longestPage(next: StoredEvent[], limit: number, maxBytes: number): number {
  let bytes = 0;
  const over = next.findIndex((event, index) => {
    bytes += sizeOf(event);
    return index > 0 && bytes > maxBytes;
  });
  return Math.min(limit, over === -1 ? next.length : over);
}

test('consecutive reads return each event once, in both directions', async () => {
  await fc.assert(
    fc.asyncProperty(anyFilter, fc.integer({ min: 20, max: 500 }), async (filter, limit) => {
      const expected = stored.filter((event) => matchesFilter(filter, event));
      const forward: StoredEvent[] = [];
      for (let after = 0; after < LENGTH; ) {
        const page = await reader.read({ after, upTo: LENGTH }, { filter, limit });
        expect(page.reached).toBeGreaterThan(after);
        forward.push(...page.events);
        after = page.reached;
      }
      expect(forward).toEqual(expected);
      const backward: StoredEvent[] = [];
      for (let upTo = LENGTH; upTo > 0; ) {
        const options = { filter, limit, direction: 'backward' } as const;
        const page = await reader.read({ after: 0, upTo }, options);
        expect(page.reached).toBeLessThan(upTo);
        backward.unshift(...page.events);
        upTo = page.reached;
      }
      expect(backward).toEqual(expected);
    }),
    { numRuns: 15, seed: SEED },
  );
});

test('a single distant match is found over several windows', async () => {
  const filter = { userIds: ['rare'] };
  for (const direction of ['forward', 'backward'] as const) {
    const { events } = await reader.read(
      { after: 0, upTo: LENGTH },
      { filter, limit: 1, direction },
    );
    expect(events.map(({ position }) => position)).toEqual([2_901]);
  }
});

test('a filter matches the same events in memory as in the database', () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const matches = toPredicate(filter);
      for (const event of stored.slice(0, 300))
        expect(matches(event)).toBe(matchesFilter(filter, event));
    }),
    { numRuns: 300 },
  );
});
