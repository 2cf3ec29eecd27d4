import { expect, onTestFinished, test } from 'vitest';
import type { StoredEvent } from '../../src/catalog/event.ts';
import { Semaphore } from '../../src/feed/semaphore.ts';
import { openFeed } from '../feed/open-feed.ts';
import { appendAndFind, emptyDatabase, openLog } from '../log/open-logs.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { createPerson, eventAbout, type Person, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

/** Longer than another process trusts its cached state. */
const ANNOUNCE_MS = 3_500;
const TYPE = 'user_first_logged_in';

/** A log with a feed, and a second process that erases. */
async function openBoth(feedUri?: string) {
  const uri = await emptyDatabase();
  const opened = await openFeed(feedUri ?? uri);
  const { log: other } = await openLog(uri, { erasureAnnounceMs: ANNOUNCE_MS });
  const append = async (...people: Person[]) => {
    const results = people.map((person) => appendAndFind(other, eventAbout(person, TYPE)));
    const positions = (await Promise.all(results)).map(({ position }) => position);
    await opened.until(Math.max(...positions));
  };
  return { ...opened, uri, other, append };
}

async function take(events: AsyncIterator<StoredEvent>, count: number): Promise<StoredEvent[]> {
  const taken: StoredEvent[] = [];
  while (taken.length < count) {
    const { done, value } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

const traceIn = (events: readonly StoredEvent[], person: Person) =>
  tracesOf(person).filter((trace) => JSON.stringify(events).includes(trace));
const positionsOf = (events: readonly StoredEvent[]) => events.map(({ position }) => position);

test('events queued for a slow subscriber are delivered once, without the user', async () => {
  const { feed, append, other } = await openBoth();
  const [ada, bob] = [createPerson(), createPerson()];
  const everything = feed.subscribe({}, 0);
  const ofAda = feed.subscribe({ userIds: [ada.id] }, 0);
  await append(ada, bob, ada, ada, bob);
  expect(traceIn(await take(everything, 1), ada)).not.toEqual([]);
  await other.eraser.erase(ada.id);

  const rest = await take(everything, 4);
  expect(positionsOf(rest)).toEqual([2, 3, 4, 5]);
  expect(traceIn(rest, ada)).toEqual([]);
  expect(rest[0]?.userId).toBe(bob.id);
  // A subscriber to the user receives nothing more, and learns no pseudonym.
  const next = ofAda.next();
  const back = eventAbout(ada, 'app_opened', { occurredOn: new Date() });
  await other.appender.append(back, 100);
  expect(await next).toMatchObject({ value: { position: 6, userId: ada.id } });
});

test('a page of a replay read before is delivered without the user', async () => {
  const { feed, append, other } = await openBoth();
  const [ada, bob] = [createPerson(), createPerson()];
  await append(ada, bob, ada, ada);
  const replay = feed.subscribe({}, 0);
  await take(replay, 1);
  await other.eraser.erase(ada.id);
  await append(bob);
  const rest = await take(replay, 4);
  expect(positionsOf(rest)).toEqual([2, 3, 4, 5]);
  expect(traceIn(rest, ada)).toEqual([]);
});

test('an event that waits for its socket is checked again before it is written', async () => {
  const { feed, append, other } = await openBoth();
  const [ada, bob] = [createPerson(), createPerson()];
  const budget = new Semaphore(1);
  const open = (filter = {}) => feed.subscribe(filter, 0, { budget });
  const [first, all, ofAda] = [open(), open(), open({ userIds: [ada.id] })];
  await append(ada);
  await first.next();
  // Both have taken the event, and wait until the first one is sent.
  const waiting = [all.next(), ofAda.next()] as const;
  await other.eraser.erase(ada.id);
  await first.return?.();
  const { value } = await waiting[0];
  expect(value?.position).toBe(1);
  expect(traceIn([value as StoredEvent], ada)).toEqual([]);
  await all.return?.();
  await append(bob);
  await ofAda.return?.();
  expect(await waiting[1]).toEqual({ done: true, value: undefined });
});

test('an instance cut off from the database delivers nothing', async () => {
  const uri = await emptyDatabase();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(() => proxy.close());
  const { feed, until } = await openFeed(proxy.uri);
  const { log: other } = await openLog(uri, { erasureAnnounceMs: ANNOUNCE_MS });
  const ada = createPerson();
  const subscription = feed.subscribe({}, 0);
  for (const type of [TYPE, 'app_opened']) await other.appender.append(eventAbout(ada, type), 100);
  await until(2);
  proxy.cut();
  await other.eraser.erase(ada.id);
  const next = take(subscription, 2);
  proxy.restore();
  const events = await next;
  expect(positionsOf(events)).toEqual([1, 2]);
  expect(traceIn(events, ada)).toEqual([]);
});

test('a delivery being stored during the erasure is erased', async () => {
  const uri = await emptyDatabase();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(() => proxy.close());
  const { log: slow } = await openLog(proxy.uri);
  const { log: other } = await openLog(uri, { erasureAnnounceMs: ANNOUNCE_MS });
  const ada = createPerson();
  const held = proxy.hold(ada.id);
  const appended = slow.appender.append(eventAbout(ada, TYPE), 100);
  await held;
  let waits = 0;
  await other.eraser.erase(ada.id, {
    onProgress({ step }) {
      if (step === 'waiting') waits += 1;
      // The first pass through the log is over, without this event.
      if (waits === 2) proxy.release();
    },
  });
  await appended;
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
});

test("a delivery stored after the erasure's last step is erased by its writer", async () => {
  const uri = await emptyDatabase();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(() => proxy.close());
  const { log: slow, published, until } = await openLog(proxy.uri);
  const { log: other } = await openLog(uri, { erasureAnnounceMs: ANNOUNCE_MS });
  const ada = createPerson();
  const held = proxy.hold(ada.id);
  const appended = slow.appender.append(eventAbout(ada, TYPE), 100);
  await held;
  await other.eraser.erase(ada.id);
  await slow.state.refresh();
  proxy.release();
  await appended;
  await until(1);
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  expect(positionsOf(published)).toEqual([1]);
});
