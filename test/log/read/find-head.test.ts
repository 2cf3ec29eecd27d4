import { expect, test } from 'vitest';
import { findHead } from '../../../src/log/read/find-head.ts';
import { toDocument } from '../../../src/storage/event-document.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { newEvent } from '../new-event.ts';

test('finds every head from 0 to 40, from the start and from any lower bound', async () => {
  const { collections, close } = await openStorage((await freshDatabase()).uri);
  for (let head = 0; head <= 40; head += 1) {
    if (head > 0) await collections.events.insertOne(toDocument(newEvent(), head));
    for (const floor of new Set([0, Math.floor(head / 3), Math.max(0, head - 1), head])) {
      expect(await findHead(collections.events, floor)).toBe(head);
    }
  }
  await close();
});
