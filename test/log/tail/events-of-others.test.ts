import { expect, test } from 'vitest';
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
