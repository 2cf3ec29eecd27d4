import { expect, onTestFinished, test } from 'vitest';
import { insertBatch } from '../../../src/log/append/insert-batch.ts';
import { createPendingEvents } from '../../../src/log/append/pending-events.ts';
import { resolveDuplicates } from '../../../src/log/append/resolve-duplicates.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { newEvent } from '../new-event.ts';

test.each([
  { isRepeat: false, status: 'stored' },
  { isRepeat: true, status: 'duplicate' },
])('an event whose insert got no answer is $status if isRepeat is $isRepeat', async (given) => {
  const { collections, close } = await openStorage((await freshDatabase()).uri);
  onTestFinished(close);
  const event = newEvent();
  await insertBatch(collections.events, [event], 1);
  const options = { sizeBytes: 100, deadlineMs: Number.POSITIVE_INFINITY, isInboxEntry: false };
  const { pending } = createPendingEvents({}).join(event, options);
  Object.assign(pending, { isUnclear: true, isRepeat: given.isRepeat });
  expect(await resolveDuplicates(collections.events, [pending])).toEqual([]);
  expect(await pending.result).toMatchObject({ status: given.status, position: 1 });
});
