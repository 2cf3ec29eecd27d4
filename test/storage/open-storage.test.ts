import { expect, test } from 'vitest';
import { openStorage } from '../../src/storage/open-storage.ts';
import { freshDatabase } from '../utils/database.ts';

test('options of the URI cannot weaken reads and writes, and every write has a timeout', async () => {
  const { uri, drop } = await freshDatabase();
  const { collections, close } = await openStorage(
    `${uri}&readPreference=secondaryPreferred&readConcernLevel=local&w=1&journal=false`,
  );
  const { events, meta } = collections;
  expect(events.readPreference?.mode).toBe('primary');
  expect(events.readConcern?.level).toBe('majority');
  expect(events.writeConcern).toMatchObject({ w: 'majority', journal: true });
  expect(events.writeConcern?.wtimeoutMS).toBeGreaterThan(0);
  const found = await collections.transaction((session) =>
    meta.findOne({ _id: 'log' }, { session }),
  );
  expect(found?._id).toBe('log');
  await close();
  await drop();
});
