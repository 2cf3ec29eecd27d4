import { createServer } from 'node:http';
import mongoose from 'mongoose';
import { listen } from './listen.ts';
import { answer, readBody } from './receive-deliveries.ts';

// Runs one `find` of the driver per request, in any database of its server. The answer says how long
// it took.

const connection = await mongoose.createConnection(process.env.MONGODB_URI ?? '').asPromise();

/** The body of a request. */
export interface FindRequest {
  database: string;
  query: Record<string, unknown>;
  order: 1 | -1;
  limit: number;
}

async function find({ database, query, order, limit }: FindRequest) {
  const events = connection.getClient().db(database).collection('events');
  const startedMs = performance.now();
  const options = { sort: { position: order }, limit, readConcern: { level: 'majority' } } as const;
  const found = await events.find(query, options).toArray();
  return { ms: performance.now() - startedMs, events: found.length };
}

listen(
  createServer(async (request, response) => {
    answer(response, await find(JSON.parse(String(await readBody(request)))));
  }),
);
