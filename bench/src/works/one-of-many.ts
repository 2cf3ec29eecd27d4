import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { type Figures, inRounds } from '../in-rounds.ts';
import type { ClosedLoop } from '../load/run-closed-loop.ts';
import type { Ask } from '../processes/calls.ts';
import { goal, type Report, ratio } from '../report/report.ts';
import { signToken } from '../sign-token.ts';
import type { Server } from '../start-contestant.ts';
import { withContestant, withCpu } from '../with-contestant.ts';

export const CONNECTIONS = 64;
/** The number of the first user of those who are asked for by idle subscriptions. */
export const IDLE_USERS = 10_000;
/** The number of the first user whom nobody asks for. */
const UNWATCHED_USERS = 90_000;
const IDLE_PER_SOCKET = 100;
/** Until its code is compiled, which goes by calls and not by time. */
export const WARM = { ms: 500, least: 2_000 };
/** So many are made for each second; who takes them faster is measured for a shorter time. */
const MOST_A_SECOND = 40_000;

const names = ['eventline', 'apollo', 'apollo-filter', 'mercurius', 'yoga', 'raw-ws'] as const;

/** Events for one of many users. */
export async function oneOfMany(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const size = quick
    ? { users: 500, idle: 2_000, ms: 700 }
    : { users: 2_000, idle: 20_000, ms: 2_000 };
  const medians = await inRounds(bench, { names, what: 'one of many' }, (contestant) =>
    withContestant(bench, contestant, (server, load) =>
      measureOneOfMany(server, load, {
        ...size,
        // A publish calls the filters of all: beside so many it takes minutes, as the growth shows.
        idle: contestant.name === 'apollo-filter' ? 0 : size.idle,
      }),
    ),
  );
  const ours = medians.get('eventline');
  const apollo = medians.get('apollo');
  const raw = medians.get('raw-ws');
  const idle = size.idle.toLocaleString('en');
  const rate = (figures: Figures | undefined) =>
    figures && 1_000_000 / (figures.extra ?? Number.NaN);
  return {
    work: 'one-of-many',
    title: `One of ${size.users.toLocaleString('en')} users`,
    notes: [
      `${size.users.toLocaleString('en')} subscribers, each to another user's events; ${CONNECTIONS} connections post events for one user after the other, each when it was answered.`,
      "Eventline's events go through the signature, the log and its durable write; the others' through the HTTP request alone. To see what a delivery costs, the same is posted for users whom nobody watches: the difference in CPU is the delivery, and what one core could publish at most if that were all it did.",
      `"Idle": ${idle} more subscriptions of other users, ${IDLE_PER_SOCKET} on a connection.`,
      'withFilter is the way of the filter function, which is called for every subscriber; the Apollo way to be compared with has a topic for each user.',
      ...(quick ? ['--quick: 500 users, 2,000 idle.'] : []),
    ],
    tables: [
      {
        title: 'Publishes for one user',
        columns: [
          '',
          'publishes/s',
          `with ${idle} idle`,
          'CPU µs a publish',
          'of which the delivery',
          `with ${idle} idle`,
          'deliveries/s of a core',
        ],
        rows: [...medians].map(([name, figures]) => [
          contestants[name].label,
          figures.matching,
          figures.idle,
          figures.matchingCpu,
          figures.extra,
          figures.idleExtra,
          rate(figures),
        ]),
      },
    ],
    plots: [
      {
        name: 'rate',
        title: `Events for one of ${size.users.toLocaleString('en')} users`,
        kind: 'bars',
        x: '',
        y: 'publishes/s',
        points: [...medians].flatMap(([series, { matching = 0, idle: beside = 0 }]) => [
          { series, x: 'alone', y: matching },
          { series, x: `${idle} idle beside`, y: beside },
        ]),
      },
    ],
    goals: [
      goal('publishes/s, to the Apollo way with topics', ratio(ours?.matching, apollo?.matching), {
        least: 1.7,
      }),
      goal('the delivery alone, to that of the Apollo way', ratio(apollo?.extra, ours?.extra), {
        least: 1.7,
      }),
      goal('publishes/s, to raw ws', ratio(ours?.matching, raw?.matching), { least: 0.6 }),
      goal('the delivery alone, to that of raw ws', ratio(raw?.extra, ours?.extra), { least: 0.6 }),
      goal(`publishes/s without and with ${idle} idle`, ratio(ours?.matching, ours?.idle), {
        most: 1.2,
      }),
    ],
  };
}

async function measureOneOfMany(
  server: Server,
  load: Ask,
  { users, idle, ms }: { users: number; idle: number; ms: number },
): Promise<Figures> {
  const { port } = server;
  const token = signToken();
  await load('posters', { port, count: CONNECTIONS });
  await load('subscribers', { port, token, count: users, of: 'user' });
  await closedLoop(server, load, { ...WARM, users, isDelivered: true });
  const unwatched = { ms, users, firstUser: UNWATCHED_USERS, isDelivered: false };
  const nobody = await closedLoop(server, load, unwatched);
  const matching = await closedLoop(server, load, { ms, users, isDelivered: true });
  const alone = {
    matching: matching.rate,
    matchingCpu: matching.cpu,
    extra: matching.cpu - nobody.cpu,
  };
  if (idle === 0) return alone;
  await openIdle(load, { port, count: idle });
  const nobodyIdle = await closedLoop(server, load, unwatched);
  const beside = await closedLoop(server, load, { ms, users, isDelivered: true });
  return { ...alone, idle: beside.rate, idleExtra: beside.cpu - nobodyIdle.cpu };
}

/** Opens subscriptions to other users' events, which stay idle. */
export async function openIdle(
  load: Ask,
  { port, count, before = 0 }: { port: number; count: number; before?: number },
): Promise<void> {
  const perSocket = IDLE_PER_SOCKET;
  const firstUser = IDLE_USERS + before;
  if (count > 0) {
    await load('idle', { port, token: signToken(), count, of: 'user', firstUser, perSocket });
  }
}

/**
 * Posts in a closed loop; events a second, and CPU microseconds an event: the server's, and the
 * database's where it is given and can tell.
 */
export async function closedLoop(
  server: Server,
  load: Ask,
  options: {
    ms: number;
    least?: number;
    users: number;
    firstUser?: number;
    isDelivered: boolean;
    mostASecond?: number;
    database?: Pick<Bench['database'], 'cpuMicros'>;
  },
): Promise<{ rate: number; cpu: number; databaseCpu: number; p50Ms: number; p99Ms: number }> {
  const { mostASecond = MOST_A_SECOND, database, ...rest } = options;
  const most = Math.ceil((options.ms / 1_000) * mostASecond) + CONNECTIONS;
  await load('prepareClosedLoop', { firstUser: 0, ...rest, most });
  const before = (await database?.cpuMicros()) ?? Number.NaN;
  const { events, seconds, cpuMicros, p50Ms, p99Ms } = await withCpu(server, () =>
    load<ClosedLoop>('run'),
  );
  const after = (await database?.cpuMicros()) ?? Number.NaN;
  const databaseCpu = (after - before) / events;
  return { rate: events / seconds, cpu: cpuMicros / events, databaseCpu, p50Ms, p99Ms };
}
