import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { limitConcurrentReads } from '../../../src/log/read/limit-concurrent-reads.ts';
import { createLogReader } from '../../../src/log/read/log-reader.ts';
import { createLogState } from '../../../src/log/state/log-state.ts';
import { toCollections } from '../../../src/storage/models.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';

test('no more than the limit of reads reaches the database at once', async () => {
  const { uri } = await freshDatabase();
  const opened = await openStorage(uri);
  onTestFinished(opened.close);
  const client = new mongoose.mongo.MongoClient(uri, { monitorCommands: true });
  onTestFinished(() => client.close());
  const collections = toCollections(client, client.db());
  const logState = await createLogState(collections);
  const reader = createLogReader(collections.events, logState);
  let underway = 0;
  let most = 0;
  client.on('commandStarted', () => {
    underway += 1;
    most = Math.max(most, underway);
  });
  client.on('commandSucceeded', () => {
    underway -= 1;
  });
  const readAll = (by: typeof reader) =>
    Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 2 ? by.read({ after: 0, upTo: 9 }, { limit: 9 }) : by.byDigest(Buffer.alloc(32)),
      ),
    );
  await readAll(reader);
  expect(most).toBeGreaterThan(5);
  most = 0;
  const results = await readAll(limitConcurrentReads(reader, 5));
  expect(most).toBeLessThanOrEqual(5);
  expect(results).toHaveLength(60);
});
