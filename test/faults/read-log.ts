import mongoose from 'mongoose';
import { readLogIds } from '../utils/log-ids.ts';
import type { Cluster } from './cluster.ts';
import { query } from './query.ts';

/** The part of a stored event that the checker needs. */
export interface LoggedEvent {
  position: number;
  /** The public id. */
  id: string;
  type: string;
  typeName: string;
  userId: string | undefined;
  payload: Record<string, unknown>;
}

const PAGE = 500;
/** Requests for events that no server shows, before they count as missing. */
const MAX_ASKS = 1_000;

/** Reads the events from the database, in order of position. */
export async function* readStored(uri: string): AsyncGenerator<LoggedEvent> {
  const { globalId } = await readLogIds(uri);
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  try {
    const events = client.db().collection('events');
    const total = await events.countDocuments();
    // Reads closed ranges (docs/decisions/0001-the-log.md), also across holes, until all events
    // were read.
    for (let after = 0, seen = 0; seen < total; after += PAGE) {
      const page = await events
        .find({ position: { $gt: after, $lte: after + PAGE } })
        .sort({ position: 1 })
        .toArray();
      seen += page.length;
      for (const { _id, position, type, typeName = type, userId, payload } of page) {
        const digest = Buffer.from((_id as unknown as mongoose.mongo.Binary).buffer);
        yield { position, id: globalId({ type, digest }), type, typeName, userId, payload };
      }
      if (after > 10 * total + 10_000) throw new Error(`${total - seen} events lie far out`);
    }
  } finally {
    await client.close();
  }
}

/** SHA-256 digests, in hex, of the quarantined deliveries. */
export async function readQuarantine(uri: string): Promise<Set<string>> {
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  try {
    const found = await client.db().collection('quarantine').find().project({ _id: 1 }).toArray();
    return new Set(found.map(({ _id }) => Buffer.from(_id.buffer).toString('hex')));
  } finally {
    await client.close();
  }
}

const EVENTS = `query ($after: String) {
  events(first: 1000, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage } }
}`;
interface Page {
  events: {
    edges: { cursor: string; node: { id: string } }[];
    pageInfo: { hasNextPage: boolean };
  };
}

/** Resolves with the number of events in the log once the inbox is empty. */
export async function countStored(uri: string, signal: AbortSignal): Promise<number> {
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  try {
    const known = new Set(await idsIn(client.db().collection('events')));
    while ((await idsIn(client.db().collection('inbox'))).some((id) => !known.has(id))) {
      signal.throwIfAborted();
      for (const id of await idsIn(client.db().collection('events'))) known.add(id);
    }
    return await client.db().collection('events').countDocuments();
  } finally {
    await client.close();
  }
}

async function idsIn(collection: mongoose.mongo.Collection): Promise<string[]> {
  const found = await collection.find().project({ _id: 1 }).toArray();
  return found.map(({ _id }) => Buffer.from(_id.buffer).toString('hex'));
}

/**
 * Cursor and global id of every event, read from the servers page by page.
 *
 * @param total number of events; a server that has not tailed all of them yet is asked again
 */
export async function readServed(
  { nodes, token }: Cluster,
  { total, signal }: { total: number; signal: AbortSignal },
): Promise<{ cursor: string; id: string }[]> {
  const urls = nodes.map(({ url }) => url);
  const served: { cursor: string; id: string }[] = [];
  let isDone = false;
  for (let asks = 0; !isDone; asks += 1) {
    const variables = { after: served.at(-1)?.cursor ?? null };
    const asked = {
      text: EVENTS,
      variables,
      token: () => token({ scope: 'events:read pii:read' }),
    };
    const { events } = await query<Page>(urls, asked, signal);
    for (const { cursor, node } of events.edges) served.push({ cursor, id: node.id });
    isDone = !events.pageInfo.hasNextPage && (served.length >= total || asks > MAX_ASKS);
  }
  return served;
}
