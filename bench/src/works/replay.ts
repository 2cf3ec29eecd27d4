import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { type Figures, inRounds } from '../in-rounds.ts';
import type { Replay } from '../load/run-replay.ts';
import type { Ask } from '../processes/calls.ts';
import { goal, type Report, ratio } from '../report/report.ts';
import { signToken } from '../sign-token.ts';
import { type Server, startContestant } from '../start-contestant.ts';
import { startLoad } from '../start-load.ts';
import { withCpu } from '../with-contestant.ts';
import { CONNECTIONS } from './one-of-many.ts';

const USERS = 2_000;
/** The processor time of one reader is less than the database's is told in. */
const TIMES_ONE = 20;
const names = ['eventline', 'driver-read'] as const;

/** Where the readers go on from, in a log that was filled for all rounds. */
interface FilledLog {
  databaseName: string;
  events: number;
  /** Behind it lie all events. */
  start: string;
  /** Behind it lie those that many readers read. */
  near: string;
}

/** Replays over WebSocket beside reading with the driver. */
export async function replay(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const size = quick
    ? { events: 20_000, near: 100, readers: 100 }
    : { events: 100_000, near: 100, readers: 1_000 };
  const log = await fillLog(bench, size);
  const medians = await inRounds(bench, { names, what: 'replay' }, async (contestant) => {
    const server = await startContestant(bench, contestant, log.databaseName);
    const load = startLoad();
    try {
      if (contestant.name === 'driver-read') return await measureDriver(server, log.events);
      return await measureReaders(bench, { server, load: load.ask }, { ...size, log });
    } finally {
      await load.close();
      await server.close();
    }
  });
  await bench.database.drop(log.databaseName);
  const ours = medians.get('eventline');
  const driver = medians.get('driver-read');
  const readers = size.readers.toLocaleString('en');
  const near = size.near.toLocaleString('en');
  return {
    work: 'replay',
    title: 'Replay',
    notes: [
      `One WebSocket goes on behind the start of a log of ${size.events.toLocaleString('en')} events, until it has all. Beside it a process that reads the same documents by the driver, in closed ranges of 1,000, and does nothing with them.`,
      `Many readers: ${readers} connected clients go on at once behind the same cursor, ${near} events from the end, against one that does (the mean of ${TIMES_ONE} times).`,
      'The bound on replays (REPLAY_EVENTS_PER_SECOND) is raised, so that the way itself is measured.',
      ...(quick ? ['--quick: 20,000 events, 100 readers.'] : []),
    ],
    tables: [
      {
        title: `${size.events.toLocaleString('en')} events`,
        columns: ['', 'events/s', 'to the driver', 'CPU µs an event'],
        rows: [...medians].map(([name, { rate, cpu }]) => [
          contestants[name].label,
          rate,
          ratio(rate, driver?.rate),
          cpu,
        ]),
      },
      {
        title: `Readers at one place, ${near} events`,
        columns: ['', 'one', readers, 'ratio'],
        rows: ours
          ? [
              [
                'seconds',
                ours.oneSeconds,
                ours.manySeconds,
                ratio(ours.manySeconds, ours.oneSeconds),
              ],
              [
                'server, CPU ms',
                ours.oneCpuMs,
                ours.manyCpuMs,
                ratio(ours.manyCpuMs, ours.oneCpuMs),
              ],
              [
                'database, CPU ms',
                ours.oneDatabaseMs,
                ours.manyDatabaseMs,
                ratio(ours.manyDatabaseMs, ours.oneDatabaseMs),
              ],
              [
                'deliveries/s',
                ratio(size.near, ours.oneSeconds),
                ratio(size.near * size.readers, ours.manySeconds),
                undefined,
              ],
            ]
          : [],
      },
    ],
    plots: [
      {
        name: 'rate',
        title: `Replay of ${size.events.toLocaleString('en')} events`,
        kind: 'bars',
        x: '',
        y: 'events/s',
        points: [...medians].map(([series, { rate = 0 }]) => ({ series, x: '', y: rate })),
      },
    ],
    goals: [
      goal('events/s, to the driver in closed ranges', ratio(ours?.rate, driver?.rate), {
        least: 0.35,
      }),
      goal(
        `database CPU of ${readers} readers at one place, to one's`,
        ratio(ours?.manyDatabaseMs, ours?.oneDatabaseMs),
        { most: 5 },
      ),
    ],
  };
}

async function fillLog(
  bench: Bench,
  { events, near }: { events: number; near: number },
): Promise<FilledLog> {
  const databaseName = `bench-replay-${process.pid}`;
  bench.progress(`replay: filling a log with ${events} events`);
  const server = await startContestant(bench, contestants.eventline, databaseName);
  const load = startLoad();
  try {
    await load.ask('posters', { port: server.port, count: CONNECTIONS });
    const start = await headOf(server.url);
    await load.ask('fill', { count: events - near, users: USERS });
    const nearCursor = await headOf(server.url);
    await load.ask('fill', { count: near, users: USERS });
    return { databaseName, events, start, near: nearCursor };
  } finally {
    await load.close();
    await server.close();
  }
}

async function headOf(url: string): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${signToken()}` },
    body: JSON.stringify({ query: '{ head }' }),
  });
  const { data } = (await response.json()) as { data: { head: string } };
  return data.head;
}

async function measureDriver(server: Server, upTo: number): Promise<Figures> {
  const read = await withCpu(server, async () => {
    const response = await fetch(`${server.url}/?upTo=${upTo}`);
    return (await response.json()) as { events: number; seconds: number };
  });
  if (read.events !== upTo) throw new Error(`the driver read ${read.events} of ${upTo} events`);
  return { rate: read.events / read.seconds, cpu: read.cpuMicros / read.events };
}

async function measureReaders(
  { database }: Bench,
  { server, load }: { server: Server; load: Ask },
  { log, near, readers }: { log: FilledLog; near: number; readers: number },
): Promise<Figures> {
  const options = { port: server.port, token: signToken() };
  async function replayed(more: { after: string; readers: number; events: number }, times = 1) {
    let [deliveries, seconds, cpuMicros] = [0, 0, 0];
    const before = await database.cpuMicros();
    for (let time = 0; time < times; time += 1) {
      await load('prepareReplay', { ...options, ...more });
      const result = await withCpu(server, () => load<Replay>('run'));
      deliveries += result.deliveries / times;
      seconds += result.seconds / times;
      cpuMicros += result.cpuMicros / times;
    }
    const databaseMicros = ((await database.cpuMicros()) ?? Number.NaN) - (before ?? 0);
    return { deliveries, seconds, cpuMicros, databaseMicros: databaseMicros / times };
  }
  await replayed({ after: log.near, readers: 1, events: near });
  const whole = await replayed({ after: log.start, readers: 1, events: log.events });
  const one = await replayed({ after: log.near, readers: 1, events: near }, TIMES_ONE);
  const many = await replayed({ after: log.near, readers, events: near });
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
