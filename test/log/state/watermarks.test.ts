import { expect, onTestFinished, test } from 'vitest';
import { createWatermarks } from '../../../src/log/state/watermarks.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';

async function openBounds() {
  const { collections, close } = await openStorage((await freshDatabase()).uri);
  onTestFinished(close);
  return { meta: collections.bounds, bounds: await createWatermarks(collections.bounds) };
}

test('a log without watermarks holds every position', async () => {
  const { bounds } = await openBounds();
  expect(bounds.current()).toEqual({ removedUpTo: 0, gaps: [], isClosed: false });
  expect(bounds.floor()).toBe(0);
  for (const position of [0, 1, 1_000]) expect(bounds.following(position)).toBe(position + 1);
});

test('a gap is skipped from its edge and from inside', async () => {
  const { meta, bounds } = await openBounds();
  const declaredAt = new Date();
  await meta.insertOne({
    _id: 'bounds',
    removedUpTo: 7,
    gaps: [
      { after: 10, upTo: 20, declaredAt },
      { after: 21, upTo: 25, declaredAt },
      { after: 25, upTo: 30, declaredAt },
    ],
  });
  await bounds.refresh();
  const following = [8, 9, 10, 15, 19, 20, 21, 29, 30, 31].map(bounds.following);
  expect(following).toEqual([9, 10, 21, 21, 21, 21, 31, 31, 31, 32]);
  expect(bounds.floor()).toBe(30);
  expect(bounds.current().removedUpTo).toBe(7);
});
