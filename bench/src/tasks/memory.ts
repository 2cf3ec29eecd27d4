import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { type Figures, type Medians, measureInRounds } from '../measure-in-rounds.ts';
import type { Caller } from '../processes/remote-calls.ts';
import type { Usage } from '../processes/usage.ts';
import { type Report, ratio, target } from '../report/report.ts';
import { signToken } from '../sign-token.ts';
import type { Server } from '../start-contestant.ts';
import { withContestant } from '../with-contestant.ts';
import { ONE_ROUND, withOneRound } from '../with-one-round.ts';
import { CONNECTIONS } from './one-of-many.ts';

/** Opened first, so that one-time loading and compiling is not counted. */
const FIRST = 200;
const SETTLE_MS = 1_000;
const COLLECTIONS = 3;
const KIB = 1_024;

const names = ['eventline', 'raw-ws', 'apollo', 'mercurius', 'yoga'] as const;

/** Measures the memory of an idle subscription. */
export async function memory(original: Bench): Promise<Report> {
  const bench = withOneRound(original);
  const { quick } = bench.options;
  const counts = quick ? [1_000] : [2_000, 5_000];
  const all = new Map<number, Medians>();
  for (const count of counts) {
    const label = `memory of ${count}`;
    all.set(
      count,
      await measureInRounds(bench, { names, label }, (contestant) =>
        withContestant(bench, contestant, (server, load) => measureMemory(server, load, count)),
      ),
    );
  }
  return {
    task: 'memory',
    title: 'Memory of an idle subscription',
    notes: [
      ONE_ROUND,
      `One subscription per WebSocket, each to the events of another user. Resident memory and JavaScript heap of the server after ${COLLECTIONS} garbage collections, minus the values with the first ${FIRST} subscriptions, per further subscription. Each has received one event before.`,
    ],
    tables: [...all].map(([count, medians]) => ({
      title: `${count.toLocaleString('en')} subscriptions`,
      columns: ['', 'RSS, KiB', 'to raw ws', 'heap, KiB'],
      rows: [...medians].map(([name, { rss, heap }]) => [
        contestants[name].label,
        rss,
        ratio(rss, medians.get('raw-ws')?.rss),
        heap,
      ]),
    })),
    plots: [
      {
        name: 'rss',
        title: 'Resident memory of an idle subscription',
        kind: 'bars',
        x: 'subscriptions',
        y: 'KiB',
        points: [...all].flatMap(([count, medians]) =>
          [...medians].map(([series, { rss = 0 }]) => ({ series, x: String(count), y: rss })),
        ),
      },
    ],
    targets: [...all].map(([count, medians]) =>
      target(
        `RSS of one of ${count.toLocaleString('en')}, to raw ws`,
        ratio(medians.get('eventline')?.rss, medians.get('raw-ws')?.rss),
        { max: 1.5 },
      ),
    ),
  };
}

async function measureMemory(server: Server, load: Caller, count: number): Promise<Figures> {
  const options = { port: server.port, token: signToken(), of: 'user' };
  await load('posters', { ports: server.ports, count: CONNECTIONS });
  await load('idle', { ...options, count: FIRST });
  const before = await settled(server);
  await load('idle', { ...options, count, firstUser: FIRST });
  const after = await settled(server);
  return {
    rss: (after.rssBytes - before.rssBytes) / count / KIB,
    heap: (after.heapBytes - before.heapBytes) / count / KIB,
  };
}

async function settled(server: Server): Promise<Usage> {
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    await delay(SETTLE_MS);
    await server.collect();
  }
  return server.usage();
}
