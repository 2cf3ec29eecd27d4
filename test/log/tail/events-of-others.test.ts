import { expect, test } from 'vitest';
import { toDocument } from '../../../src/storage/event-document.ts';
import { newEvent } from '../new-event.ts';
import { eventsOf, follow, newLog, upTo, watchedCollection } from './open-tailer.ts';

test('single events of another instance are published without a read of the log', async () => {
  const { uri, logState, write } = await newLog();
  const { client, collection, listening } = await watchedCollection(uri);
  const { published, until } = await follow(collection, { ...logState, isFresh: () => true });
  await listening();
  let reads = 0;
  client.on('commandStarted', ({ commandName }) => {
    if (commandName === 'find') reads += 1;
  });
  for (let position = 1; position <= 20; position += 1) {
    await write(eventsOf(position, position));
    await until(position);
  }
  expect(published).toEqual(upTo(20));
  // The poll reads the end of the log when the stream opens.
  expect(reads).toBeLessThan(5);
});

test('a document without a position does not stop the events behind it', async () => {
  const { uri, logState, write, collection: events } = await newLog();
  const { collection, listening } = await watchedCollection(uri);
  const { tailer, until } = await follow(collection, logState);
  await listening();
  const byHand = { ...toDocument(newEvent(), 1), position: 'none', bell: true };
  await events.insertOne(byHand as never);
  await write(eventsOf(1, 1));
  await until(1);
  expect(tailer.lag()).toEqual({ positions: 0, ms: 0 });
  await write(eventsOf(2, 40));
  await until(40);
});
