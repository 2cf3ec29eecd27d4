import { expect, onTestFinished, test } from 'vitest';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { eventsOf, follow, newLog, upTo, watchedCollection } from './open-tailer.ts';

test('the change stream announces inserts of any size to their end', async () => {
  const { uri, logState, write } = await newLog();
  const { collection, listening } = await watchedCollection(uri);
  const { published, until } = await follow(collection, logState);
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
  const { uri, logState, write } = await newLog();
  const { client, collection, listening } = await watchedCollection(uri);
  const { published, until } = await follow(collection, logState);
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
  const { uri, logState, write } = await newLog();
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
  const { published, until } = await follow(collection, logState);
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
  const { uri, logState, write } = await newLog();
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
  const { published, until } = await follow(collection, logState);
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
