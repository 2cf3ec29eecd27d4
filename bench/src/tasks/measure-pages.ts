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
import { findPageCases, PAGE, type PageCase, type PageCases } from './page-cases.ts';

const EVENTLINE = join(import.meta.dirname, '../../../dist/main.js');
const CURSORS = join(import.meta.dirname, '../../../dist/log/read/cursor.js');
const DAYS = 30;
export const EVENTS_PER_USER = 200;
const POLL_MS = 250;

const PAGE_QUERY =
  'query Page($filter: EventFilter, $first: Int, $after: String, $last: Int, $before: String) { events(filter: $filter, first: $first, after: $after, last: $last, before: $before) { edges { cursor node { id typeName occurredOn receivedAt userId installationId payload } } } }';

/** A server on a filled log, and the pages that are measured. */
export interface PagedLog {
  databaseName: string;
  server: Server;
  cases: PageCases;
  /** Reads a page over a keep-alive connection; resolves with its bytes and milliseconds. */
  page(pageCase: PageCase): Promise<{ ms: number; bytes: number }>;
  close(): Promise<void>;
}

/** Fills a log with `eventline seed`, starts a server on it, and waits until its lists are built. */
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
    const cases = await findPageCases(collection, events);
    const encodeCursor = await createEncodeCursor(connection);
    bench.progress(`pages: waiting until the lists of ${events} events are built`);
    await untilListsAreBuilt(ask);
    return {
      ...{ databaseName, server, cases },
      page: async ({ filter, direction, cursorPosition }) => {
        const cursor = cursorPosition === null ? undefined : encodeCursor(cursorPosition);
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
  const users = Math.ceil(events / EVENTS_PER_USER);
  const args = ['--events', events, '--users', users, '--days', DAYS, '--yes'].map(String);
  const child = spawn(process.execPath, [EVENTLINE, 'seed', ...args], {
    env: { ...process.env, MONGODB_URI: uri },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`eventline seed failed with exit code ${code}`);
}

type AskGraphql = (query: string, variables: object) => Promise<string>;

/** Returns a function from a position to its cursor, by the key of the log. */
async function createEncodeCursor(connection: mongoose.Connection) {
  const { createCursors } = await import(CURSORS);
  const meta = await connection.collection<{ _id: string }>('meta').findOne({ _id: 'log' });
  const key = (meta as unknown as { cursorKey: mongoose.mongo.Binary }).cursorKey;
  return createCursors(Buffer.from(key.buffer)).encode as (position: number) => string;
}

/** Waits for the lists: building them would slow the measurement down. */
async function untilListsAreBuilt(ask: AskGraphql): Promise<void> {
  for (;;) {
    const { errors } = JSON.parse(await ask('{ messages(first: 1) { edges { cursor } } }', {}));
    if (errors === undefined) return;
    if (errors[0].extensions.code !== 'SERVICE_UNAVAILABLE') throw new Error(errors[0].message);
    await delay(POLL_MS);
  }
}

const TOKEN = signToken();

/** Posts a body, and returns the text of the answer. */
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
