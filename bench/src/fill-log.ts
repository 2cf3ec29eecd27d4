import { join } from 'node:path';
import mongoose from 'mongoose';
import { userOf } from './contract.ts';
import { prepareDelivery } from './load/delivery.ts';

const DIST = join(import.meta.dirname, '../../dist');
const BATCH = 1_000;
const USERS = 2_000;

/**
 * Appends events to a log until it holds `upTo` of them. It uses Eventline's own code to build the
 * documents, but not its webhook, because a million posts would take too long. No server may have
 * the log open.
 */
export async function fillLog(uri: string, upTo: number): Promise<void> {
  const { parseDelivery } = await import(join(DIST, 'webhook/parse-delivery.js'));
  const { toDocument } = await import(join(DIST, 'storage/event-document.js'));
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
        const { event } = parseDelivery(body, new Date());
        // Its `_id` is a Binary of the server's own copy of the driver; this one needs its own class.
        const { _id, ...rest } = toDocument(event, position + 1);
        documents.push({ ...rest, _id: new mongoose.mongo.Binary(_id.buffer) });
      }
      await events.insertMany(documents as never[], { writeConcern: { w: 'majority' } });
    }
  } finally {
    await connection.close();
  }
}
