import mongoose from 'mongoose';
import type { EventDocument, QuarantineDocument } from '../../src/storage/documents.ts';

/** Direct access to what a server has stored in its database. */
export interface StoredData {
  /**
   * In log order, without the redelivery counts. The server writes those up to a second later, so a
   * comparison that includes them would depend on timing.
   */
  events(): Promise<EventDocument[]>;
  /** In order of arrival. */
  quarantine(): Promise<QuarantineDocument[]>;
  collection(
    name: 'events' | 'quarantine' | 'droppedDeliveries' | 'meta' | 'erasures',
  ): mongoose.mongo.Collection;
  close(): Promise<void>;
}

export async function openStoredData(mongodbUri: string): Promise<StoredData> {
  // The driver's default inherits from Object: it reads lists at a key such as `constructor` as bytes.
  const options = { fieldsAsRaw: Object.create(null) };
  const client = await new mongoose.mongo.MongoClient(mongodbUri, options).connect();
  // The database named in the URI.
  const database = client.db();
  return {
    events: () =>
      database
        .collection<EventDocument>('events')
        .find({}, { projection: { repeats: 0, lastRepeatedAt: 0 } })
        .sort({ position: 1 })
        .toArray(),
    quarantine: () =>
      database.collection<QuarantineDocument>('quarantine').find().sort({ firstAt: 1 }).toArray(),
    collection: (name) => database.collection(name),
    close: () => client.close(),
  };
}

/** Returns the bytes of a binary field. */
export const bytesOf = (binary: { buffer: Uint8Array }) => Buffer.from(binary.buffer);
