import { createServer } from 'node:http';
import mongoose from 'mongoose';
import { listen } from './listen.ts';
import { answer } from './receive-deliveries.ts';

// Reads a log with the driver only, in closed ranges of a thousand positions.

const PAGE = 1_000;

await mongoose.connect(process.env.MONGODB_URI ?? '');
const events = mongoose.connection.collection('events');

/** Reads the positions 1 to `upTo`, and returns the count and the time. */
async function readAll(upTo: number): Promise<{ events: number; seconds: number }> {
  const startedMs = performance.now();
  let count = 0;
  for (let after = 0; after < upTo; after += PAGE) {
    const range = { position: { $gt: after, $lte: Math.min(upTo, after + PAGE) } };
    const options = { sort: { position: 1 }, readConcern: { level: 'majority' } } as const;
    count += (await events.find(range, options).toArray()).length;
  }
  return { events: count, seconds: (performance.now() - startedMs) / 1_000 };
}

listen(
  createServer(async (request, response) => {
    const upTo = Number(new URL(request.url ?? '', 'http://bench').searchParams.get('upTo'));
    answer(response, await readAll(upTo));
  }),
);
