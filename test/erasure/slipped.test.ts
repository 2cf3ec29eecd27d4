import { expect, onTestFinished, test } from 'vitest';
import type { NewEvent } from '../../src/catalog/event.ts';
import { insertBatch } from '../../src/log/append/insert-batch.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { openFeed, take } from '../feed/open-feed.ts';
import { appendAndFind, emptyDatabase, openLog } from '../log/open-logs.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { readAll } from './read-all.ts';
import { createPerson, eventAbout, type Person, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

const ERASED = { erasureAnnounceMs: 20 };

/** Inserts like an instance that was stopped between its check of the erasures and its insert. */
async function slip(uri: string, events: NewEvent[], first: number): Promise<void> {
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const stored = events.map((event, index) => ({ ...event, position: first + index }));
  expect((await insertBatch(collections.events, stored, first)).kind).toBe('all');
}

/** An event of the erased user, one of another user that names them, and one that does not. */
function eventsAbout(erased: Person, other: Person): [NewEvent, NewEvent, NewEvent] {
  return [
    eventAbout(erased, 'user_first_logged_in'),
    eventAbout(other, 'app_opened', { payload: { invited_by: { user_id: erased.id } } }),
    eventAbout(other, 'app_opened'),
  ];
}

const traceIn = (given: unknown, person: Person) =>
  tracesOf(person).filter((trace) => JSON.stringify(given).includes(trace));

test('an event stored after the erasure of its user is published in its erased form', async () => {
  const uri = await emptyDatabase();
  const { log, feed, published, until } = await openFeed(uri, {}, ERASED);
  const { log: other, ...second } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  await appendAndFind(log, eventAbout(ada, 'app_opened'));
  await log.eraser.erase(ada.id);
  for (const { state } of [log, other]) await state.refresh();
  const live = feed.subscribe({}, 1);
  const next = take(live, 3);
  await slip(uri, eventsAbout(ada, bob), 2);
  await Promise.all([until(4), second.until(4)]);
  expect(await next).toEqual([2, 3, 4]);
  expect(second.published.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  expect(traceIn([published.slice(1), second.published.slice(1)], ada)).toEqual([]);
  expect(published.slice(2).map(({ userId }) => userId)).toEqual([bob.id, bob.id]);
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
});

test('a reader erases what was stored while no instance ran', async () => {
  const uri = await emptyDatabase();
  const [ada, bob] = [createPerson(), createPerson()];
  const { log: first } = await openLog(uri, ERASED);
  await appendAndFind(first, eventAbout(ada, 'app_opened'));
  await first.eraser.erase(ada.id);
  await first.close();
  const events = eventsAbout(ada, bob);
  await slip(uri, events, 2);
  const { log } = await openLog(uri);
  for (const [index, { digest }] of events.entries()) {
    expect((await log.reader.byDigest(digest))?.position).toBe(index === 2 ? 4 : undefined);
  }
  const read = await readAll(log);
  expect(read.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  expect(traceIn(read, ada)).toEqual([]);
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
});

test('what the user does after the erasure is kept', async () => {
  const uri = await emptyDatabase();
  const { log, published, until } = await openLog(uri, ERASED);
  const ada = createPerson();
  await log.eraser.erase(ada.id);
  await slip(uri, [eventAbout(ada, 'app_opened', { occurredOn: new Date() })], 1);
  await until(1);
  expect(published.map(({ userId }) => userId)).toEqual([ada.id]);
  // The event is not taken for one of the first erasure while the second one has not searched yet.
  expect((await log.eraser.erase(ada.id)).events).toBe(1);
});

test('a delivery quarantined after the erasure of its user is removed', async () => {
  const uri = await emptyDatabase();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(() => proxy.close());
  const { log: slow } = await openLog(proxy.uri);
  const { log: other } = await openLog(uri, ERASED);
  const ada = createPerson();
  const rawBody = Buffer.from(`{"user_id":"${ada.id}"`);
  const held = proxy.hold(ada.id);
  const kept = slow.quarantine.keep({
    ...{ rawBody, problem: 'not-json', detail: 'cut off', receivedAt: new Date() },
  });
  await held;
  await other.eraser.erase(ada.id);
  await slow.state.refresh();
  proxy.release();
  expect(await kept).toBe('erased');
  expect(await placesOf(uri, [ada.id])).toEqual([]);
});
