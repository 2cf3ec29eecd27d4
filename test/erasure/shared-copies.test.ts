import { expect, onTestFinished, test } from 'vitest';
import type { StoredEvent } from '../../src/catalog/event.ts';
import type { EventIterator } from '../../src/feed/event-iterator.ts';
import { createPageCache } from '../../src/feed/page-cache.ts';
import { openFeed } from '../feed/open-feed.ts';
import { appendAndFind, emptyDatabase, openLog } from '../log/open-logs.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { createPerson, eventAbout, tracesOf } from './someone.ts';

const TYPE = 'user_first_logged_in';

/** A log with a feed, and a second process that erases at once, without waiting for the first. */
async function openBoth() {
  const uri = await emptyDatabase();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(() => proxy.close());
  const opened = await openFeed(proxy.uri);
  const { log: other } = await openLog(uri, { erasureAnnounceMs: 20 });
  const ada = createPerson();
  for (const type of [TYPE, 'app_opened', TYPE]) {
    await appendAndFind(other, eventAbout(ada, type));
  }
  await opened.log.tailer.catchUp();
  const traces = (events: readonly StoredEvent[]) =>
    tracesOf(ada).filter((trace) => JSON.stringify(events).includes(trace));
  return { ...opened, proxy, other, ada, traces };
}

const positionsOf = (events: readonly StoredEvent[]) => events.map(({ position }) => position);

/** Pipes events to a sink that is full until the test opens it. */
function pipeHeld(events: EventIterator<StoredEvent>) {
  const taken: StoredEvent[] = [];
  const offered: number[] = [];
  const waiters = new Set<() => void>();
  let isOpen = false;
  let resume: () => void = () => undefined;
  function open(): void {
    isOpen = true;
    resume();
  }
  events.pipe((event, onDrained) => {
    offered.push(event.position);
    if (isOpen) taken.push(event);
    else resume = onDrained;
    for (const waiter of waiters) waiter();
    return isOpen ? 'taken' : 'full';
  });
  void events.next();
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (isSo()) resolve();
      };
      waiters.add(check);
      check();
    });
  return { taken, offered, open, until };
}

test('a cached page is not delivered after an erasure', async () => {
  const { log, other, ada, traces } = await openBoth();
  const pages = createPageCache(log.reader);
  log.state.onEpoch(pages.invalidate);
  const { signal } = new AbortController();
  const options = { filter: {}, limit: 250, maxBytes: 1_000_000, signal, isFirst: false };
  const read = () => pages.read({ after: 0, upTo: 3 }, options);
  expect(traces((await read())?.events ?? [])).not.toEqual([]);
  expect((await read())?.isShared).toBe(true);
  await other.eraser.erase(ada.id);
  await log.state.refresh();
  const page = await read();
  expect(page?.isShared).toBe(false);
  expect(positionsOf(page?.events ?? [])).toEqual([1, 2, 3]);
  expect(traces(page?.events ?? [])).toEqual([]);
});

test('a page read during an erasure is not delivered to those who waited for it', async () => {
  const { feed, log, other, ada, traces, proxy } = await openBoth();
  const subscriptions = [1, 2, 3].map(() => feed.subscribe({ userIds: [ada.id, 'x'] }, 0));
  const held = proxy.hold(ada.id);
  const waiting = subscriptions.map((events) => events.next());
  await held;
  await other.eraser.erase(ada.id);
  const back = eventAbout(ada, 'app_opened', { occurredOn: new Date() });
  const appended = appendAndFind(other, back);
  proxy.release();
  await appended;
  await log.state.refresh();
  await log.tailer.catchUp();
  const events = (await Promise.all(waiting)).map(({ value }) => value as StoredEvent);
  // Events that still show the user occurred after the erasure; earlier ones show a pseudonym.
  expect(positionsOf(events)).toEqual([4, 4, 4]);
  expect(traces(events)).toContain(ada.id);
});

test.each([
  ['of a page', true],
  ['published live', false],
])('an event %s that waits for socket memory is delivered without the user', async (_, replays) => {
  const { feed, log, other, ada, traces } = await openBoth();
  const events = feed.subscribe({}, replays ? 0 : 3);
  const held = pipeHeld(events);
  const first = replays ? 1 : 4;
  if (!replays) {
    await appendAndFind(other, eventAbout(ada, TYPE));
    await log.tailer.catchUp();
  }
  await held.until(() => held.offered.length > 0);
  expect(held.offered[0]).toBe(first);
  await other.eraser.erase(ada.id);
  await log.state.refresh();
  held.open();
  await held.until(() => held.taken.length === (replays ? 3 : 1));
  expect(positionsOf(held.taken)).toEqual(replays ? [1, 2, 3] : [4]);
  expect(traces(held.taken)).toEqual([]);
  await events.return?.();
});
