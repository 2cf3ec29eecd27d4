import { expect, test } from 'vitest';
import type { Filter } from '../../src/log/read/filter.ts';
import type { LogReader } from '../../src/log/read/log-reader.ts';
import { emptyDatabase } from '../log/open-logs.ts';
import { matchesFilter, someEvents } from '../log/some-events.ts';
import { freshDatabase } from '../utils/database.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { collect, type OpenFeed, openFeed, upTo } from './open-feed.ts';

const EVENTS = 800;
const early = new Date(Date.UTC(2026, 0, 1, 0, 0, 20));

const FILTERS: Record<string, Filter> = {
  all: {},
  'one type': { types: ['message_sent'] },
  'types, one doubled': { types: ['message_sent', 'app_opened', 'message_sent'] },
  'one user': { userIds: ['1'] },
  'users, one strange, one doubled, one unknown': { userIds: ['$x', '2', '2', 'nobody'] },
  'user and type': { userIds: ['1'], types: ['message_read'] },
  'users and types': { userIds: ['1', '2', ''], types: ['message_read', 'message_sent'] },
  'only what no topic knows': { installationIds: ['aaaaaaaa'] },
  'user and what no topic knows': { userIds: ['1', '3'], occurredOn: { until: early } },
  'type and a time of receipt': { types: ['app_opened'], receivedAt: { from: early } },
};

test('from any cursor, during appends, there are no gaps or duplicates, for any filter', async () => {
  // So small that subscriptions overflow and replay again during the appends.
  const options = { capacity: 20, pageSize: 30 };
  const { log, feed, published, until } = await openFeed((await freshDatabase()).uri, options);
  const subscribed: { filter: Filter; after: number; got: ReturnType<typeof collect> }[] = [];
  const iterators: AsyncIterator<unknown>[] = [];
  function subscribe(filter: Filter, after: number): void {
    const iterator = feed.subscribe(filter, after);
    iterators.push(iterator);
    subscribed.push({ filter, after, got: collect(iterator) });
  }

  for (const filter of Object.values(FILTERS)) subscribe(filter, 0);
  let next = 0;
  const events = someEvents(EVENTS, 7);
  const writer = async () => {
    while (next < EVENTS) {
      const event = events[next];
      next += 1;
      if (event === undefined) return;
      if (next % 40 === 0) {
        const filter = Object.values(FILTERS)[(next / 40) % 10] ?? {};
        for (const after of [0, Math.floor(next / 2), log.tailer.head()]) {
          if (after <= log.tailer.head()) subscribe(filter, after);
        }
      }
      await log.appender.append(event, 300);
    }
  };
  await Promise.all(Array.from({ length: 12 }, writer));
  await until(EVENTS);

  for (const { filter, after, got } of subscribed) {
    const expected = published
      .filter((event) => event.position > after && matchesFilter(filter, event))
      .map(({ position }) => position);
    await got.until(expected.length);
    expect(got.positions).toEqual(expected);
  }
  expect(feed.size()).toBe(subscribed.length);
  await Promise.all(iterators.map((iterator) => iterator.return?.()));
  await Promise.all(subscribed.map(({ got }) => got.ended));
  expect(feed.size()).toBe(0);
});

/** A feed on five events whose log grows by one during each read. */
async function openGrowingFeed() {
  let opened: OpenFeed | undefined;
  let reads = 0;
  const reader: LogReader = {
    async read(span, options) {
      if (!opened) throw new Error('not open yet');
      const result = await opened.log.reader.read(span, options);
      reads += 1;
      await opened.append(1);
      return result;
    },
    byDigest: async () => undefined,
  };
  opened = await openFeed(await emptyDatabase(), { reader });
  await opened.append(5);
  return { ...opened, reads: () => reads };
}

test('goes live although the log grows during each read, with each event once', async () => {
  const { feed, reads, append } = await openGrowingFeed();
  const items = feed.follow({}, 0);
  const taken: unknown[] = [];
  while (taken.length < 8) {
    const { value } = await items.next();
    taken.push(value && ('caughtUpAt' in value ? 'caught up' : value.position));
  }
  // It reads once, joins at 6, and reads again; event 7 was appended meanwhile.
  expect(taken).toEqual([...upTo(6), 'caught up', 7]);
  const live = items.next();
  await append(1);
  expect((await live).value).toMatchObject({ position: 8 });
  expect(reads()).toBe(2);
  await items.return?.();
});

test('so does a sink', async () => {
  const { feed, reads, append } = await openGrowingFeed();
  const subscription = feed.subscribe({}, 0);
  const positions: number[] = [];
  subscription.pipe(({ position }) => {
    positions.push(position);
    return position < 9 ? 'taken' : 'refused';
  });
  const ninth = subscription.next();
  await append(1);
  await waitUntil(async () => {
    if (reads() < 2) await append(1);
    return reads() >= 2;
  });
  await append(9);
  expect((await ninth).value?.position).toBe(9);
  expect(positions).toEqual(upTo(9));
  expect(reads()).toBe(2);
  await subscription.return?.();
});
