import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import type { ClosedLoop } from '../load/run-closed-loop.ts';
import { type Figures, measureInRounds } from '../measure-in-rounds.ts';
import type { Caller } from '../processes/remote-calls.ts';
import { type Report, ratio, target } from '../report/report.ts';
import { signToken } from '../sign-token.ts';
import type { Server } from '../start-contestant.ts';
import { withContestant, withCpu } from '../with-contestant.ts';

export const CONNECTIONS = 64;
/** Number of the first user of the idle subscriptions. */
export const IDLE_USERS = 10_000;
/** Number of the first user without a subscription. */
const UNSUBSCRIBED_USERS = 90_000;
const IDLE_PER_SOCKET = 100;
/** V8 compiles after a number of calls, not after a time. */
export const WARM_UP = { ms: 500, minEvents: 2_000 };
/** Deliveries that are prepared per second; a faster server is measured for a shorter time. */
const MAX_RATE = 40_000;

const names = ['eventline', 'apollo', 'apollo-filter', 'mercurius', 'yoga', 'raw-ws'] as const;

/** Measures events for one of many users. */
export async function oneOfMany(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const size = quick
    ? { users: 500, idle: 2_000, ms: 700 }
    : { users: 2_000, idle: 20_000, ms: 2_000 };
  const medians = await measureInRounds(bench, { names, label: 'one of many' }, (contestant) =>
    withContestant(bench, contestant, (server, load) =>
      measureOneOfMany(server, load, {
        ...size,
        // A publish calls all filters: with so many it takes minutes, as the task growth shows.
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
    task: 'one-of-many',
    title: `One of ${size.users.toLocaleString('en')} users`,
    notes: [
      `${size.users.toLocaleString('en')} subscribers, each to another user's events; ${CONNECTIONS} connections post events for the users in turn, each after the answer to the one before.`,
      'For Eventline an event includes the signature, the log and its durable write; for the others only the HTTP request. To isolate the cost of a delivery, the same events are posted for users without a subscription: the difference in CPU is the delivery. It also gives the most that one core could publish.',
      `"Idle": ${idle} more subscriptions to other users, ${IDLE_PER_SOCKET} per connection.`,
      'withFilter calls a function for every subscriber; the Apollo way that Eventline is compared with has a topic per user.',
      ...(quick ? ['--quick: 500 users, 2,000 idle.'] : []),
    ],
    tables: [
      {
        title: 'Publishes for one user',
        columns: [
          '',
          'publishes/s',
          `with ${idle} idle`,
          'CPU µs per publish',
          'of which the delivery',
          `with ${idle} idle`,
          'deliveries/s per core',
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
        points: [...medians].flatMap(([series, { matching = 0, idle: withIdle = 0 }]) => [
          { series, x: 'alone', y: matching },
          { series, x: `with ${idle} idle`, y: withIdle },
        ]),
      },
    ],
    targets: [
      target(
        'publishes/s, to the Apollo way with topics',
        ratio(ours?.matching, apollo?.matching),
        {
          min: 1.7,
        },
      ),
      target('the delivery alone, to that of the Apollo way', ratio(apollo?.extra, ours?.extra), {
        min: 1.7,
      }),
      target('publishes/s, to raw ws', ratio(ours?.matching, raw?.matching), { min: 0.6 }),
      target('the delivery alone, to that of raw ws', ratio(raw?.extra, ours?.extra), { min: 0.6 }),
      target(`publishes/s without and with ${idle} idle`, ratio(ours?.matching, ours?.idle), {
        max: 1.2,
      }),
    ],
  };
}

async function measureOneOfMany(
  server: Server,
  load: Caller,
  { users, idle, ms }: { users: number; idle: number; ms: number },
): Promise<Figures> {
  const { port } = server;
  const token = signToken();
  await load('posters', { ports: server.ports, count: CONNECTIONS });
  await load('subscribers', { port, token, count: users, of: 'user' });
  await closedLoop(server, load, { ...WARM_UP, users, isDelivered: true });
  const unsubscribed = { ms, users, firstUser: UNSUBSCRIBED_USERS, isDelivered: false };
  const withoutDelivery = await closedLoop(server, load, unsubscribed);
  const matching = await closedLoop(server, load, { ms, users, isDelivered: true });
  const alone = {
    matching: matching.rate,
    matchingCpu: matching.cpu,
    extra: matching.cpu - withoutDelivery.cpu,
  };
  if (idle === 0) return alone;
  await openIdle(load, { port, count: idle });
  const withoutDeliveryIdle = await closedLoop(server, load, unsubscribed);
  const withIdle = await closedLoop(server, load, { ms, users, isDelivered: true });
  return { ...alone, idle: withIdle.rate, idleExtra: withIdle.cpu - withoutDeliveryIdle.cpu };
}

/** Opens subscriptions to other users' events; they stay idle. */
export async function openIdle(
  load: Caller,
  { port, count, before = 0 }: { port: number; count: number; before?: number },
): Promise<void> {
  const perSocket = IDLE_PER_SOCKET;
  const firstUser = IDLE_USERS + before;
  if (count > 0) {
    await load('idle', { port, token: signToken(), count, of: 'user', firstUser, perSocket });
  }
}

/**
 * Posts in a closed loop.
 *
 * @returns events per second, and CPU microseconds per event of the server and, if known, the database
 */
export async function closedLoop(
  server: Server,
  load: Caller,
  options: {
    ms: number;
    minEvents?: number;
    users: number;
    firstUser?: number;
    isDelivered: boolean;
    maxRate?: number;
    database?: Pick<Bench['database'], 'cpuMicros'>;
  },
): Promise<{ rate: number; cpu: number; databaseCpu: number; p50Ms: number; p99Ms: number }> {
  const { maxRate = MAX_RATE, database, ...rest } = options;
  const maxEvents = Math.ceil((options.ms / 1_000) * maxRate) + CONNECTIONS;
  await load('prepareClosedLoop', { firstUser: 0, ...rest, maxEvents });
  const before = (await database?.cpuMicros()) ?? Number.NaN;
  const { events, seconds, cpuMicros, p50Ms, p99Ms } = await withCpu(server, () =>
    load<ClosedLoop>('run'),
  );
  const after = (await database?.cpuMicros()) ?? Number.NaN;
  const databaseCpu = (after - before) / events;
  return { rate: events / seconds, cpu: cpuMicros / events, databaseCpu, p50Ms, p99Ms };
}
