import { expect, test } from 'vitest';
import type { Filter } from '../../src/log/filter.ts';
import { isWanted, someEvents } from '../log/some-events.ts';
import { freshDatabase } from '../utils/database.ts';
import { collect, openFeed } from './open-feed.ts';

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

test('from any cursor while events come in: no gap and no repeat, whatever the filter', async () => {
  // Small enough that subscriptions overflow and replay again while it goes on.
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
        for (const after of [0, Math.floor(next / 2), log.follower.head()]) {
          if (after <= log.follower.head()) subscribe(filter, after);
        }
      }
      await log.appender.append(event, 300);
    }
  };
  await Promise.all(Array.from({ length: 12 }, writer));
  await until(EVENTS);

  for (const { filter, after, got } of subscribed) {
    const expected = published
      .filter((event) => event.position > after && isWanted(filter, event))
      .map(({ position }) => position);
    await got.until(expected.length);
    expect(got.positions).toEqual(expected);
  }
  expect(feed.size()).toBe(subscribed.length);
  await Promise.all(iterators.map((iterator) => iterator.return?.()));
  await Promise.all(subscribed.map(({ got }) => got.ended));
  expect(feed.size()).toBe(0);
});
