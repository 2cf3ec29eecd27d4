import { createServer } from 'node:http';
import mongoose from 'mongoose';
import { createTransactionAppender } from './append-in-transaction.ts';
import { listen } from './listen.ts';
import { receiveDeliveries } from './receive-deliveries.ts';
import { isSigned } from './verify.ts';

// The published way to number documents without gaps from several processes: a counter and the inserts
// in one transaction. Signature, parse and three indexes as in `group-commit.ts`; no validation,
// digest, quarantine or metrics.

await mongoose.connect(process.env.MONGODB_URI ?? '');
const { connection } = mongoose;
const target = connection.collection('events') as unknown as mongoose.mongo.Collection;
await target.createIndex({ position: 1 }, { unique: true });
await target.createIndex({ userId: 1, position: 1 });
await target.createIndex({ type: 1, position: 1 });

const append = createTransactionAppender({
  client: connection.getClient(),
  sequences: connection.collection('sequences') as never,
  target,
});

listen(
  createServer(
    receiveDeliveries(async (body, request) => {
      if (!isSigned(body, request.headers['x-signature'])) throw new Error('signature');
      const { type, occurred_on, payload } = JSON.parse(body.toString());
      const position = await append({
        type,
        occurredOn: new Date(occurred_on),
        receivedAt: new Date(),
        userId: payload.user_id,
        payload,
      });
      return { status: 'stored', position };
    }),
  ),
);
