import fc from 'fast-check';
import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import type { StoredEvent } from '../../../src/catalog/event.ts';
import { createLogReader } from '../../../src/log/read/log-reader.ts';
import { createLogTailer } from '../../../src/log/tail/log-tailer.ts';
import type { EventDocument } from '../../../src/storage/documents.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { eventsOf, follow, newLog, upTo, watchedCollection } from './open-tailer.ts';

test('each event is published once and in order, with notifications in any order, doubled, late or missing', async () => {
  const count = 30;
  const hints = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: count })), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(hints, async (batches) => {
      const { collection, logState, write } = await newLog();
      const { tailer, published } = await follow(collection, logState);
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
  const { collection, logState, write } = await newLog();
  await write(eventsOf(1, 70));
  const { tailer, published } = await follow(collection, logState);
  expect(tailer.head()).toBe(70);
  tailer.offer(eventsOf(3, 70));
  await write(eventsOf(71, 72));
  expect(await tailer.catchUp()).toBe(72);
  expect(published).toEqual([71, 72]);
});

test('a silent database counts as unavailable before its request fails', async () => {
  const { uri, logState } = await newLog();
  const proxy = await startDatabaseProxy(uri);
  onTestFinished(() => proxy.close());
  const client = new mongoose.mongo.MongoClient(proxy.uri);
  onTestFinished(() => client.close());
  const collection = client.db().collection<EventDocument>('events');
  const states: boolean[] = [];
  let told: () => void = () => undefined;
  const tailer = await createLogTailer({
    collection,
    logState,
    reader: createLogReader(collection, logState),
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
  const { uri, logState, write } = await newLog();
  const { client, collection } = await watchedCollection(uri);
  const { tailer, published, until } = await follow(collection, logState);
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
  for (const _ of upTo(20)) await expect(tailer.catchUp()).rejects.toThrow('position 3');
  expect(published).toEqual([1, 2]);
  // At most one read of the gap for each call, and one more after a read in flight.
  expect(reads - before).toBeLessThanOrEqual(20 * 2);
  await write([third]);
  expect(await tailer.catchUp()).toBe(4);
  expect(published).toEqual([1, 2, 3, 4]);
});
