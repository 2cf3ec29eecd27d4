import mongoose from 'mongoose';
import { waitUntil } from './wait-until.ts';

/**
 * Resolves when the events that are in the inbox now are in the log. A server that has not renewed its
 * lease in time, since the machine is slow, acknowledges deliveries before it gives them a position.
 */
export async function waitForInbox(uri: string): Promise<void> {
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  try {
    const [inbox, events] = [client.db().collection('inbox'), client.db().collection('events')];
    const entries = await inbox.find({}, { projection: { _id: 1 } }).toArray();
    const query = { _id: { $in: entries.map(({ _id }) => _id) } };
    await waitUntil(async () => (await events.countDocuments(query)) === entries.length);
  } finally {
    await client.close();
  }
}
