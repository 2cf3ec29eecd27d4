import { expect, onTestFinished, test } from 'vitest';
import { createLogReader } from '../../../src/log/read/log-reader.ts';
import { createLogTailer } from '../../../src/log/tail/log-tailer.ts';
import { eventsOf, newLog } from './open-tailer.ts';

test('a new primary must have the head before anything is appended behind it', async () => {
  const { collection, logState, write } = await newLog();
  await write(eventsOf(1, 3));
  let primaryChanges = 0;
  const tailer = await createLogTailer({
    ...{ collection, logState, reader: createLogReader(collection, logState) },
    onEvent: () => undefined,
    primaryChanges: () => primaryChanges,
    pollMs: 2 ** 30,
  });
  onTestFinished(() => tailer.close());
  expect(await tailer.catchUp()).toBe(3);
  // Like a restored backup.
  await collection.deleteOne({ position: 3 });
  expect(await tailer.durableHead(true)).toBe(3);
  primaryChanges += 1;
  await expect(tailer.durableHead(true)).rejects.toThrow(/has lost published events/);
});
