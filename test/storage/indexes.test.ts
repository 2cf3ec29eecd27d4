import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { toDocument } from '../../src/storage/event-document.ts';
import { INDEX_SET, indexes } from '../../src/storage/indexes.ts';
import { indexFaults, keepPositionIndex } from '../../src/storage/keep-position-index.ts';
import { createIndexes, indexBuilds } from '../../src/storage/models.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { newEvent } from '../log/new-event.ts';
import { freshDatabase } from '../utils/database.ts';
import { waitUntil } from '../utils/wait-until.ts';

async function lookAt(uri: string) {
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  onTestFinished(() => client.close());
  const db = client.db();
  return {
    db,
    async names() {
      const all = await db.listCollections().toArray();
      const found = await Promise.all(
        all.map(async ({ name: collection }) => {
          const listed = await db.collection(collection).listIndexes().toArray();
          return listed.map(({ name }) => `${collection}.${name}`);
        }),
      );
      return found.flat().filter((name) => !name.endsWith('._id_'));
    },
  };
}

const nameOf = ({ collection, name }: (typeof indexes)[number]) => `${collection}.${name}`;

test('a start creates exactly the listed indexes', async () => {
  const { uri } = await freshDatabase();
  await (await openStorage(uri)).close();
  const { names } = await lookAt(uri);
  expect((await names()).sort()).toEqual(indexes.map(nameOf).sort());
});

test('on an older log missing indexes are added and existing ones stay', async () => {
  expect(INDEX_SET).toBeGreaterThan(1);
  const { uri } = await freshDatabase();
  const { db, names } = await lookAt(uri);
  // Created like the first release did, without its own name; and one of the operator's.
  for (const { collection, key, unique } of indexes.filter(({ since }) => since === 1)) {
    await db.collection(collection).createIndex(key, { ...(unique && { unique }) });
  }
  await db.collection('events').createIndex({ receivedAt: 1 }, { name: 'of the owner' });
  const built: string[] = [];
  onTestFinished(
    indexBuilds.subscribe(({ collection, index }) => void built.push(`${collection}.${index}`)),
  );
  await db.collection('events').insertOne({ position: 1 });
  const cursorKey = new mongoose.mongo.Binary(Buffer.alloc(16));
  await db.collection('meta').insertOne({ _id: 'log' as never, formatVersion: 1, cursorKey });
  await (await openStorage(uri)).close();
  // Those of an empty collection take no time.
  const later = indexes.filter(({ since, collection }) => since > 1 && collection === 'events');
  expect(built).toEqual(later.map(nameOf));
  const wanted = [...indexes.map(nameOf), 'events.of the owner'];
  expect((await names()).sort()).toEqual(wanted.sort());
});

test('an index is built while members are down', async () => {
  const { uri } = await freshDatabase();
  const client = new mongoose.mongo.MongoClient(uri, { monitorCommands: true });
  onTestFinished(() => client.close());
  const quorums: unknown[] = [];
  client.on('commandStarted', ({ commandName, command }) => {
    if (commandName === 'createIndexes') quorums.push(command.commitQuorum);
  });
  await createIndexes(client.db());
  expect(quorums).toEqual(indexes.map(() => 'majority'));
});

test('a running server creates the unique index again, or reports that it cannot', async () => {
  const { uri } = await freshDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const { events } = collections;
  onTestFinished(keepPositionIndex(events, 10));
  await events.dropIndex('position_1');
  await waitUntil(() => events.indexExists('position_1'));
  await events.insertOne(toDocument(newEvent(), 1));
  await expect(events.insertOne(toDocument(newEvent(), 1))).rejects.toThrow('position_1');

  const fault = new Promise((resolve) => onTestFinished(indexFaults.subscribe(resolve)));
  // Another check may create it first.
  for (let inserted = false; !inserted; ) {
    await events.dropIndex('position_1').catch(() => undefined);
    inserted = await events.insertOne(toDocument(newEvent(), 1)).then(
      () => true,
      () => false,
    );
  }
  expect(await fault).toMatchObject({ message: expect.stringContaining('position') });
});
