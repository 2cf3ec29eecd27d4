import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import type { Replay } from '../load/run-replay.ts';
import type { Figures } from '../measure-in-rounds.ts';
import type { Caller } from '../processes/remote-calls.ts';
import { signToken } from '../sign-token.ts';
import { type Server, startContestant } from '../start-contestant.ts';
import { startLoad } from '../start-load.ts';
import { withCpu } from '../with-contestant.ts';
import { CONNECTIONS } from './one-of-many.ts';

const USERS = 2_000;
/** Repetitions: the CPU time of one reader is less than the resolution of the database's. */
export const TIMES_ONE = 100;
export const TIMES_MANY = 3;

/** A log that is filled once for all rounds, with the cursors after which readers resume. */
export interface FilledLog {
  databaseName: string;
  events: number;
  /** Cursor before all events. */
  start: string;
  /** Cursor before the events that many readers read. */
  near: string;
}

/** Fills a log by posting events, and remembers the cursors. */
export async function postLog(
  bench: Bench,
  { events, near }: { events: number; near: number },
): Promise<FilledLog> {
  const databaseName = `bench-replay-${process.pid}`;
  bench.progress(`replay: filling a log with ${events} events`);
  const server = await startContestant(bench, contestants.eventline, databaseName);
  const load = startLoad();
  try {
    await load.call('posters', { ports: server.ports, count: CONNECTIONS });
    const start = await headOf(server.url);
    await load.call('fill', { count: events - near, users: USERS });
    const nearCursor = await headOf(server.url);
    await load.call('fill', { count: near, users: USERS });
    await untilListsAreCurrent(server.url);
    return { databaseName, events, start, near: nearCursor };
  } finally {
    await load.close();
    await server.close();
  }
}

async function headOf(url: string): Promise<string> {
  const { data } = await query<{ head: string }>(url, '{ head }');
  if (data == null) throw new Error('Eventline does not tell the head of the log');
  return data.head;
}

/** Waits for the projections, whose work would be counted with that of the readers. */
async function untilListsAreCurrent(url: string): Promise<void> {
  // A list is refused while it is not current after some seconds.
  while ((await query(url, '{ users(first: 1) { edges { cursor } } }')).data == null);
}

async function query<Data>(url: string, text: string): Promise<{ data?: Data | null }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${signToken()}` },
    body: JSON.stringify({ query: text }),
  });
  return (await response.json()) as { data?: Data | null };
}

/** Measures reading all events with the driver. */
export async function measureDriver(server: Server, upTo: number): Promise<Figures> {
  const read = await withCpu(server, async () => {
    const response = await fetch(`${server.url}/?upTo=${upTo}`);
    return (await response.json()) as { events: number; seconds: number };
  });
  if (read.events !== upTo) throw new Error(`the driver read ${read.events} of ${upTo} events`);
  return { rate: read.events / read.seconds, cpu: read.cpuMicros / read.events };
}

/** Measures one reader from the start, and one and many from near the end. */
export async function measureReaders(
  { database }: Bench,
  { server, load }: { server: Server; load: Caller },
  { log, near, readers }: { log: FilledLog; near: number; readers: number },
): Promise<Figures> {
  const options = { port: server.port, token: signToken() };
  const databaseCpuMicros = async () => (await database.cpuMicros()) ?? Number.NaN;
  async function measureReplay(
    more: { after: string; readers: number; events: number },
    times = 1,
  ) {
    let [deliveries, seconds, cpuMicros] = [0, 0, 0];
    const before = await databaseCpuMicros();
    for (let time = 0; time < times; time += 1) {
      await load('prepareReplay', { ...options, ...more });
      const result = await withCpu(server, () => load<Replay>('run'));
      deliveries += result.deliveries / times;
      seconds += result.seconds / times;
      cpuMicros += result.cpuMicros / times;
    }
    const databaseMicros = (await databaseCpuMicros()) - before;
    return { deliveries, seconds, cpuMicros, databaseMicros: databaseMicros / times };
  }
  await measureReplay({ after: log.near, readers: 1, events: near });
  const whole = await measureReplay({ after: log.start, readers: 1, events: log.events });
  const one = await measureReplay({ after: log.near, readers: 1, events: near }, TIMES_ONE);
  const many = await measureReplay({ after: log.near, readers, events: near }, TIMES_MANY);
  return {
    rate: whole.deliveries / whole.seconds,
    cpu: whole.cpuMicros / whole.deliveries,
    oneSeconds: one.seconds,
    manySeconds: many.seconds,
    oneCpuMs: one.cpuMicros / 1_000,
    manyCpuMs: many.cpuMicros / 1_000,
    oneDatabaseMs: one.databaseMicros / 1_000,
    manyDatabaseMs: many.databaseMicros / 1_000,
  };
}
