import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredEvent } from '../../src/catalog/event.ts';
import type { EventIterator } from '../../src/feed/event-iterator.ts';
import { type Permit, Semaphore } from '../../src/feed/semaphore.ts';
import type { FeedItem } from '../../src/feed/source.ts';
import type { Filter } from '../../src/log/read/filter.ts';
import type { LogReader } from '../../src/log/read/log-reader.ts';
import { newEvent } from '../log/new-event.ts';
import { appendAndFind, emptyDatabase } from '../log/open-logs.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { openFeed } from './open-feed.ts';

const BUDGET_BYTES = 1_000_000;
const FILTERS: Filter[] = [{}, { types: ['app_opened'] }, { types: ['app_opened', 'unknown'] }];

/** A state of the log whose age and erasures the test decides. */
function controlState() {
  const listeners = new Set<() => void>();
  let epoch = 0;
  let isFresh = true;
  let isErased = false;
  return {
    epoch: () => epoch,
    isFresh: () => isFresh,
    async ensureFresh() {
      // The database answers later.
      await new Promise(setImmediate);
      isFresh = true;
      if (isErased) {
        isErased = false;
        epoch += 1;
        for (const listener of listeners) listener();
      }
      return { removedUpTo: 0, gaps: [], isClosed: false };
    },
    onEpoch(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    age() {
      isFresh = false;
    },
    /** The next refresh finds an erasure. */
    erase() {
      isErased = true;
    },
  };
}

type Mode = 'taken' | 'full' | 'refused';
type Step =
  | { do: 'append'; types: string[] }
  | { do: 'set the sink'; mode: Mode }
  | { do: 'take all memory' | 'free the memory' | 'age' | 'erase' | 'wait' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      types: fc.array(fc.constantFrom('app_opened', 'some_type'), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('set the sink' as const),
      mode: fc.constantFrom<Mode>('taken', 'full', 'refused'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(['take all memory', 'free the memory', 'age', 'erase', 'wait'] as const),
      ),
    }),
  },
);

/** A consumer that pipes and always waits for the next item, and what it was given. */
function consume(items: EventIterator, onItem: (item: FeedItem) => void) {
  let mode: Mode = 'taken';
  let resume: () => void = () => undefined;
  items.pipe((item, onDrained) => {
    if ('caughtUpAt' in item) return 'refused';
    if (mode === 'taken') onItem(item);
    if (mode === 'full') resume = onDrained;
    return mode;
  });
  const ended = (async () => {
    for await (const item of items) onItem(item);
  })();
  return {
    ended,
    setMode(next: Mode) {
      const wasFull = mode === 'full';
      mode = next;
      if (wasFull && next !== 'full') resume();
    },
  };
}

test('any consumer gets each event once, in order, and nothing that was read before an erasure', async () => {
  const logState = controlState();
  /** Copies of events that exist in this process. */
  const copies: StoredEvent[] = [];
  let stale: ReadonlySet<FeedItem> = new Set();
  let reader: LogReader | undefined;
  const opened = await openFeed(await emptyDatabase(), {
    logState,
    capacity: 4,
    pageSize: 3,
    reader: {
      async read(span, options) {
        const result = await reader?.read(span, options);
        if (result === undefined) throw new Error('not open yet');
        copies.push(...result.events);
        return result;
      },
      byDigest: async () => undefined,
    },
  });
  const { feed, log, published, until } = opened;
  reader = log.reader;
  logState.onEpoch(() => {
    stale = new Set([...copies, ...published]);
  });

  async function append(types: readonly string[]): Promise<void> {
    const events = types.map((type) => appendAndFind(log, newEvent({}, { type })));
    await until(Math.max(...(await Promise.all(events)).map(({ position }) => position)));
  }

  await fc.assert(
    fc.asyncProperty(
      fc.record({
        steps: fc.array(step, { maxLength: 15 }),
        filter: fc.constantFrom(...FILTERS),
        behind: fc.nat(20),
      }),
      async ({ steps, filter, behind }) => {
        const after = Math.max(0, log.tailer.head() - behind);
        const budget = new Semaphore(BUDGET_BYTES);
        const given: (number | 'mark')[] = [];
        const items = feed.follow(filter, after, { budget });
        let isStaleGiven = false;
        const consumer = consume(items, (item) => {
          isStaleGiven ||= stale.has(item);
          given.push('caughtUpAt' in item ? 'mark' : item.position);
        });
        let taken: Permit | undefined;
        function free(): void {
          if (taken) budget.release(taken);
          taken = undefined;
        }
        for (const one of steps) {
          if (one.do === 'append') await append(one.types);
          else if (one.do === 'set the sink') consumer.setMode(one.mode);
          else if (one.do === 'take all memory') {
            taken ??= budget.acquire(BUDGET_BYTES, () => undefined);
          } else if (one.do === 'free the memory') free();
          else if (one.do === 'age') logState.age();
          else if (one.do === 'erase') {
            logState.age();
            logState.erase();
          } else await new Promise(setImmediate);
        }
        consumer.setMode('taken');
        free();
        const expected = published
          .filter(
            ({ position, type }) => position > after && (filter.types?.includes(type) ?? true),
          )
          .map(({ position }) => position);
        await waitUntil(() => given.length > expected.length);
        expect(given.filter((item) => item !== 'mark')).toEqual(expected);
        expect(given.filter((item) => item === 'mark')).toHaveLength(1);
        expect(isStaleGiven).toBe(false);
        await items.return();
        await consumer.ended;
        expect(feed.open()).toBe(0);
      },
    ),
    { numRuns: 20 },
  );
});
