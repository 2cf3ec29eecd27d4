// Longer than 250 lines: all tests use the same ways to lose a change stream.
import fc from 'fast-check';
import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import type { StoredEvent } from '../../../src/catalog/event.ts';
import { insertBatch } from '../../../src/log/append/insert-batch.ts';
import { createLogReader } from '../../../src/log/read/log-reader.ts';
import { createWatermarks, type LogWatermarks } from '../../../src/log/state/watermarks.ts';
import { createLogTailer } from '../../../src/log/tail/log-tailer.ts';
import type { EventDocument } from '../../../src/storage/documents.ts';
import type { Collection } from '../../../src/storage/models.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { newEvent } from '../new-event.ts';

const NO_POLL_MS = 2 ** 30;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const eventsOf = (first: number, last: number): StoredEvent[] =>
  upTo(last - first + 1).map((number) => ({ ...newEvent(), position: first - 1 + number }));

/** A new log's collection, and a function that writes to it directly. */
async function newLog() {
  const { uri } = await freshDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const { events } = collections;
  const bounds = await createWatermarks(collections.bounds);
  const write = async (some: readonly StoredEvent[]) => {
    const outcome = await insertBatch(events, some, some[0]?.position ?? 0);
    expect(outcome.kind).toBe('all');
  };
  return { uri, collection: events, bounds, write };
}

/**
 * Creates a tailer that only learns of events from notifications and the change stream, unless
 * polling is on.
 */
async function follow(
  collection: Collection<EventDocument>,
  bounds: LogWatermarks,
  pollMs = NO_POLL_MS,
) {
  const published: number[] = [];
  const waiters = new Map<number, () => void>();
  const tailer = await createLogTailer({
    collection,
    bounds,
    reader: createLogReader(collection, bounds),
    pollMs,
    onEvent({ position }) {
      published.push(position);
      waiters.get(position)?.();
    },
  });
  onTestFinished(() => tailer.close());
  const until = (position: number) =>
    new Promise<void>((resolve) => {
      if (tailer.head() >= position) resolve();
      else waiters.set(position, resolve);
    });
  return { tailer, published, until };
}

/** A separate client through a proxy, whose change streams can be observed and lost. */
async function watchedCollection(uri: string) {
  const client = new mongoose.mongo.MongoClient(uri, {
    // As in the log's own client: after this time the driver gives up a lost stream.
    serverSelectionTimeoutMS: 2_500,
    monitorCommands: true,
  });
  onTestFinished(() => client.close());
  return {
    client,
    collection: client.db().collection<EventDocument>('events'),
    /** Resolves to the change stream's cursor at its next getMore. */
    listening: () =>
      new Promise<unknown>((resolve) => {
        client.on('commandStarted', ({ commandName, command }) => {
          if (commandName === 'getMore') resolve(command.getMore);
        });
      }),
  };
}

test('each event is published once and in order, with notifications in any order, doubled, late or missing', async () => {
  const count = 30;
  const hints = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: count })), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(hints, async (batches) => {
      const { collection, bounds, write } = await newLog();
      const { tailer, published } = await follow(collection, bounds);
      const events = eventsOf(1, count);
      await write(events);
      for (const batch of batches) {
        tailer.offer(batch.map((position) => events[position - 1] as StoredEvent));
        await Promise.resolve();
      }
      expect(await tailer.catchUp()).toBe(count);
      tailer.offer(events);
      expect(published).toEqual(upTo(count));
      await tailer.close();
    }),
    { numRuns: 15 },
  );
});

test('it starts at the end of the log, whatever the log holds', async () => {
  const { collection, bounds, write } = await newLog();
  await write(eventsOf(1, 70));
  const { tailer, published } = await follow(collection, bounds);
  expect(tailer.head()).toBe(70);
  tailer.offer(eventsOf(3, 70));
  await write(eventsOf(71, 72));
  expect(await tailer.catchUp()).toBe(72);
  expect(published).toEqual([71, 72]);
});

test('the change stream announces inserts of any size to their end', async () => {
  const { uri, bounds, write } = await newLog();
  const { collection, listening } = await watchedCollection(uri);
  const { published, until } = await follow(collection, bounds);
  await listening();
  let last = 0;
  for (const size of [1, 2, 8, 9, 32, 33, 34, 200]) {
    await write(eventsOf(last + 1, last + size));
    last += size;
    await until(last);
  }
  expect(published).toEqual(upTo(last));
});

test('it survives a killed cursor without losing events', async () => {
  const { uri, bounds, write } = await newLog();
  const { client, collection, listening } = await watchedCollection(uri);
  const { published, until } = await follow(collection, bounds);
  await listening();
  await write(eventsOf(1, 5));
  await until(5);
  const cursor = await listening();
  await client.db().command({ killCursors: 'events', cursors: [cursor] });
  await write(eventsOf(6, 40));
  await until(40);
  expect(published).toEqual(upTo(40));
});

test('it reopens a change stream that is lost for good, and reads what it missed', async () => {
  const { uri, bounds, write } = await newLog();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(() => proxy.close());
  const { collection, listening } = await watchedCollection(proxy.uri);
  // The database returns only after the first stream was given up.
  let opens = 0;
  const watch = collection.watch.bind(collection);
  collection.watch = ((...parameters: Parameters<typeof watch>) => {
    opens += 1;
    if (opens === 2) proxy.restore();
    return watch(...parameters);
  }) as typeof collection.watch;
  const { published, until } = await follow(collection, bounds);
  await listening();
  proxy.cut();
  await write(eventsOf(1, 40));
  await until(40);
  expect(opens).toBeGreaterThan(1);
  await listening();
  await write(eventsOf(41, 50));
  await until(50);
  expect(published).toEqual(upTo(50));
});

test('an invalid resume token causes one read of the log, not a loop', async () => {
  const { uri, bounds, write } = await newLog();
  const { client, collection, listening } = await watchedCollection(uri);
  let reads = 0;
  client.on('commandStarted', ({ command }) => {
    if (command.filter?.position?.$lte) reads += 1;
  });
  // The first stream is at a point whose history is lost: the server refuses to resume it.
  let opens = 0;
  const watch = collection.watch.bind(collection);
  collection.watch = ((pipeline: object[], options: object) => {
    opens += 1;
    return watch(pipeline, opens === 1 ? { ...options, resumeAfter: { _data: '82' } } : options);
  }) as typeof collection.watch;
  await write(eventsOf(1, 3));
  const { published, until } = await follow(collection, bounds);
  await write(eventsOf(4, 40));
  await listening();
  await until(40);
  await write(eventsOf(41, 45));
  await until(45);
  expect(published).toEqual(upTo(45).slice(3));
  expect(opens).toBe(2);
  // One read for the missed events; the five later ones may have caused several notifications.
  expect(reads).toBeLessThanOrEqual(6);
});

test('a silent database counts as unavailable before its request fails', async () => {
  const { uri, bounds } = await newLog();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(() => proxy.close());
  const client = new mongoose.mongo.MongoClient(proxy.uri);
  onTestFinished(() => client.close());
  const collection = client.db().collection<EventDocument>('events');
  const states: boolean[] = [];
  let told: () => void = () => undefined;
  const tailer = await createLogTailer({
    collection,
    bounds,
    reader: createLogReader(collection, bounds),
    pollMs: 20,
    onEvent: () => undefined,
    onState({ following }) {
      states.push(following);
      told();
    },
  });
  onTestFinished(() => tailer.close());
  const next = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });
  const silent = next();
  await proxy.hold('position');
  await silent;
  expect(tailer.state()).toMatchObject({ error: { message: 'The database does not answer.' } });
  const back = next();
  proxy.release();
  await back;
  expect(states).toEqual([false, true]);
});

test('it waits at a hole, without skipping it or spinning', async () => {
  const { uri, bounds, write } = await newLog();
  const { client, collection } = await watchedCollection(uri);
  const { tailer, published, until } = await follow(collection, bounds);
  let reads = 0;
  client.on('commandStarted', ({ command }) => {
    if (command.filter?.position?.$lte) reads += 1;
  });
  const [first, second, third, fourth] = eventsOf(1, 4) as [
    StoredEvent,
    StoredEvent,
    StoredEvent,
    StoredEvent,
  ];
  await write([first, second]);
  await write([fourth]);
  tailer.offer([fourth]);
  await until(2);
  const before = reads;
  for (const _ of upTo(20)) expect(await tailer.catchUp()).toBe(2);
  expect(published).toEqual([1, 2]);
  // Each call reads the gap once, and once more after a read in flight.
  expect(reads - before).toBeLessThanOrEqual(20 * 2);
  await write([third]);
  expect(await tailer.catchUp()).toBe(4);
  expect(published).toEqual([1, 2, 3, 4]);
});
