import { createServer } from 'node:http';
import mongoose from 'mongoose';
import { listen } from './listen.ts';
import { receiveDeliveries } from './receive-deliveries.ts';

// The bare database write: one insertOne per request, acknowledged by a majority and journalled, in
// a collection without further indexes. The answer says how long it took.

await mongoose.connect(process.env.MONGODB_URI ?? '');
const events = mongoose.connection.collection('bare');

listen(
  createServer(
    receiveDeliveries(async (body) => {
      const document = JSON.parse(body.toString());
      const startedMs = performance.now();
      await events.insertOne(document, { writeConcern: { w: 'majority', journal: true } });
      return { writeMs: performance.now() - startedMs };
    }),
  ),
);
