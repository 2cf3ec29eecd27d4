import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { signToken } from '../sign-token.ts';
import { type Server, startContestant } from '../start-contestant.ts';
import { findPlaces, PAGE, type PagePlace, type Places } from './page-places.ts';

const EVENTLINE = join(import.meta.dirname, '../../../dist/main.js');
const DAYS = 30;
export const EVENTS_OF_A_USER = 200;
const POLL_MS = 250;

const PAGE_QUERY =
  'query Page($filter: EventFilter, $first: Int, $after: String, $last: Int, $before: String) { events(filter: $filter, first: $first, after: $after, last: $last, before: $before) { edges { cursor node { id typeName occurredOn receivedAt userId installationId payload } } } }';

/** A server on a log that is full, and where pages of it are. */
export interface PagedLog {
  databaseName: string;
  server: Server;
  places: Places;
  /** Asks for a page over a kept connection; its bytes and how long it took, in milliseconds. */
  page(place: PagePlace): Promise<{ ms: number; bytes: number }>;
  close(): Promise<void>;
}

/** Fills a log by `eventline seed`, starts a server on it, and waits until it has built its lists. */
export async function openPagedLog(bench: Bench, events: number): Promise<PagedLog> {
  const databaseName = `bench-pages-${events}`;
  const uri = bench.database.uriOf(databaseName);
  bench.progress(`pages: filling a log with ${events} events`);
  await seed(uri, events);
  const connection = await mongoose.createConnection(uri).asPromise();
  const server = await startContestant(bench, contestants.eventline, databaseName);
  const agent = new Agent({ keepAlive: true });
  const ask = (query: string, variables: object) => post(server, agent, { query, variables });
  try {
    const collection = connection.getClient().db(databaseName).collection('events');
    const places = await findPlaces(collection, events);
    const cursors = new Map<number, string>();
    for (const { at } of Object.values(places).flat()) {
      if (at !== null) cursors.set(at, await cursorOf(collection, at, ask));
    }
    bench.progress(`pages: waiting until the lists of ${events} events are built`);
    await untilListed(ask);
    return {
      ...{ databaseName, server, places },
      page: async ({ filter, direction, at }) => {
        const cursor = at === null ? undefined : cursors.get(at);
        const variables =
          direction === 'forward' ? { first: PAGE, after: cursor } : { last: PAGE, before: cursor };
        const startedMs = performance.now();
        const text = await ask(PAGE_QUERY, { filter, ...variables });
        const ms = performance.now() - startedMs;
        const shown = JSON.parse(text).data?.events.edges.length;
        if (shown !== PAGE) throw new Error(`a page has ${shown} events: ${text.slice(0, 200)}`);
        return { ms, bytes: text.length };
      },
      async close() {
        agent.destroy();
        await server.close();
        await bench.database.drop(databaseName);
      },
    };
  } catch (error) {
    agent.destroy();
    await server.close();
    throw error;
  } finally {
    await connection.close();
  }
}

async function seed(uri: string, events: number): Promise<void> {
  const users = Math.ceil(events / EVENTS_OF_A_USER);
  const args = ['--events', events, '--users', users, '--days', DAYS, '--yes'].map(String);
  const child = spawn(process.execPath, [EVENTLINE, 'seed', ...args], {
    env: { ...process.env, MONGODB_URI: uri },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`eventline seed ended with ${code}`);
}

type Ask = (query: string, variables: object) => Promise<string>;

/** The cursor of an event, as a client has it. */
async function cursorOf(events: mongoose.mongo.Collection, position: number, ask: Ask) {
  const document = await events.findOne({ position: { $in: [position] } });
  if (document === null) throw new Error(`there is no event at ${position}`);
  const type: string = document.type === 'unknown' ? 'unknown_event' : document.type;
  const typeName = type.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const digest = Buffer.from((document._id as unknown as mongoose.mongo.Binary).buffer);
  const id = Buffer.from(`${typeName}:${digest.toString('base64url')}`).toString('base64');
  const { data } = JSON.parse(await ask('query ($id: ID!) { event(id: $id) { cursor } }', { id }));
  return data.event.cursor as string;
}

/** What is folded beside would take the time of what is measured. */
async function untilListed(ask: Ask): Promise<void> {
  for (;;) {
    const { errors } = JSON.parse(await ask('{ messages(first: 1) { edges { cursor } } }', {}));
    if (errors === undefined) return;
    if (errors[0].extensions.code !== 'SERVICE_UNAVAILABLE') throw new Error(errors[0].message);
    await delay(POLL_MS);
  }
}

const TOKEN = signToken();

/** The text of an answer. */
export function post({ url }: Server, agent: Agent, body: object, path = '/graphql') {
  const text = JSON.stringify(body);
  return new Promise<string>((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      {
        ...{ method: 'POST', agent },
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
          Authorization: `Bearer ${TOKEN}`,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => resolve(Buffer.concat(chunks).toString()));
        response.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(text);
  });
}
