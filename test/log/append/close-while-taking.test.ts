import { expect, onTestFinished, test } from 'vitest';
import { createLogIn } from '../../../src/log/log.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { emptyDatabase } from '../open-logs.ts';
import { holdLease } from './hold-lease.ts';

test('a lease that is taken while the log closes is released, and the inbox is not watched', async () => {
  const storage = await openStorage(await emptyDatabase());
  const { writer, inbox } = storage.collections;
  const release = await holdLease({ writer });
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let attempts = 0;
  let watches = 0;
  const slowWriter = new Proxy(writer, {
    get: (target, name) =>
      name !== 'updateOne'
        ? Reflect.get(target, name)
        : async (...args: Parameters<typeof writer.updateOne>) => {
            attempts += 1;
            await answered;
            return target.updateOne(...args);
          },
  });
  const watchedInbox = new Proxy(inbox, {
    get(target, name) {
      if (name === 'watch') watches += 1;
      return Reflect.get(target, name);
    },
  });
  const collections = { ...storage.collections, writer: slowWriter, inbox: watchedInbox };
  let holder: unknown = 'unknown';
  const log = await createLogIn(
    {
      ...storage,
      collections,
      async close() {
        holder = (await writer.findOne({ _id: 'writer' }))?.holder;
        await storage.close();
      },
    },
    { onEvent: () => undefined },
  );
  onTestFinished(answer);
  await release();
  await waitUntil(() => attempts > 0);
  const closing = log.close();
  await new Promise((resolve) => setImmediate(resolve));
  answer();
  await closing;
  expect(holder).toBeNull();
  expect(watches).toBe(0);
});
