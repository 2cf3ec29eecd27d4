import { createServer } from 'node:http';
import mongoose from 'mongoose';
import { listen } from './listen.ts';
import { answer, readBody } from './receive-deliveries.ts';

// Finds what it is asked for with the driver alone, in any database of its server, once for each
// request, and says how long that took.

const connection = await mongoose.createConnection(process.env.MONGODB_URI ?? '').asPromise();

/** What is asked for, as EJSON. */
export interface WantedPage {
  database: string;
  query: Record<string, unknown>;
  order: 1 | -1;
  limit: number;
}

async function find({ database, query, order, limit }: WantedPage) {
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
