import { join } from 'node:path';
import mongoose from 'mongoose';
import { userOf } from './contract.ts';
import { prepareDelivery } from './load/delivery.ts';

const DIST = join(import.meta.dirname, '../../dist');
const BATCH = 1_000;
const USERS = 2_000;

/**
 * Appends events to a log that no server has open, up to so many: as Eventline stores them, by its
 * own code, but without its webhook, since a million would take too long.
 */
export async function fillLog(uri: string, upTo: number): Promise<void> {
  const { parseDelivery } = await import(join(DIST, 'webhook/parse-delivery.js'));
  const { toDocument } = await import(join(DIST, 'log/event-document.js'));
  const connection = await mongoose.createConnection(uri).asPromise();
  try {
    const events = connection.collection('events');
    const [last] = await events.find().sort({ position: -1 }).limit(1).toArray();
    let position = last?.position ?? 0;
    while (position < upTo) {
      const documents = [];
      for (; documents.length < BATCH && position < upTo; position += 1) {
        const { request } = prepareDelivery(userOf(position % USERS));
        const body = request.subarray(request.indexOf('\r\n\r\n') + 4);
        const event = parseDelivery(body, new Date());
        // Its `_id` is of the class of the other bson, the server's own.
        const { _id, ...rest } = toDocument(event, position + 1);
        documents.push({ ...rest, _id: new mongoose.mongo.Binary(_id.buffer) });
      }
      await events.insertMany(documents as never[], { writeConcern: { w: 'majority' } });
    }
  } finally {
    await connection.close();
  }
}
