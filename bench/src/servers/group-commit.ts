import { createServer } from 'node:http';
import mongoose from 'mongoose';
import { createGroupCommit } from './create-group-commit.ts';
import { listen } from './listen.ts';
import { receiveDeliveries } from './receive-deliveries.ts';
import { isSigned } from './verify.ts';

// The minimum that stores durably and fast: `node:http`, the signature, one parse, group commit, three
// indexes. It has no validation, digest, dense positions, quarantine or metrics.

await mongoose.connect(process.env.MONGODB_URI ?? '');
const events = mongoose.connection.collection('events');
await events.createIndex({ position: 1 }, { unique: true });
await events.createIndex({ userId: 1, position: 1 });
await events.createIndex({ type: 1, position: 1 });

let position = 0;
const append = createGroupCommit((batch: mongoose.mongo.OptionalId<mongoose.mongo.Document>[]) =>
  events.insertMany(batch, { writeConcern: { w: 'majority', journal: true } }),
);

listen(
  createServer(
    receiveDeliveries(async (body, request) => {
      if (!isSigned(body, request.headers['x-signature'])) throw new Error('signature');
      const { type, occurred_on, payload } = JSON.parse(body.toString());
      position += 1;
      const document = {
        position,
        type,
        occurredOn: new Date(occurred_on),
        receivedAt: new Date(),
        userId: payload.user_id,
        payload,
      };
      await append(document);
      return { status: 'stored', position: document.position };
    }),
  ),
);
