import type { Bench } from '../bench.ts';
import { type Contestant, contestants } from '../contestants.ts';
import type { Paced } from '../load/run-paced.ts';
import { type Figures, measureInRounds } from '../measure-in-rounds.ts';
import type { Caller } from '../processes/remote-calls.ts';
import { type Report, ratio, target } from '../report/report.ts';
import { signToken } from '../sign-token.ts';
import type { Server } from '../start-contestant.ts';
import { withContestant, withCpu } from '../with-contestant.ts';
import { CONNECTIONS } from './one-of-many.ts';

const RATE = 500;
const USERS = 500;
const WARM_UP_MS = 1_000;

const names = ['eventline', 'bare-write', 'apollo', 'raw-ws'] as const;

/** Measures the time from the post to the subscriber at a fixed rate. */
export async function latency(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const ms = quick ? 2_000 : 5_000;
  const medians = await measureInRounds(bench, { names, label: 'latency' }, (contestant) =>
    withContestant(bench, contestant, (server, load) =>
      measureLatency({ server, load, contestant }, { ms, rates: [RATE] }).then(
        ([figures = {}]) => figures,
      ),
    ),
  );
  const write = medians.get('bare-write');
  return {
    task: 'latency',
    title: `From the post to the subscriber at ${RATE} events/s`,
    notes: [
      `${USERS} subscribers, each to another user; ${RATE} events per second, each for one of them, posted on schedule whether or not the ones before have arrived.`,
      "From the write of the post to the arrival of the subscriber's message, both in the load generator. The bare database write is the time of insertOne in its own process, at the same rate, without HTTP.",
      'The Apollo way and raw ws store nothing.',
    ],
    tables: [
      {
        title: 'Latency',
        columns: ['', 'p50 ms', 'p99 ms', 'to the bare write', 'CPU µs per event'],
        rows: [...medians].map(([name, { p50Ms, p99Ms, cpu }]) => [
          contestants[name].label,
          p50Ms,
          p99Ms,
          ratio(p50Ms, write?.p50Ms),
          cpu,
        ]),
      },
    ],
    plots: [
      {
        name: 'p50-p99',
        title: `From the post to the subscriber, ${RATE} events/s`,
        kind: 'bars',
        x: '',
        y: 'ms',
        points: [...medians].flatMap(([series, { p50Ms = 0, p99Ms = 0 }]) => [
          { series, x: 'p50', y: p50Ms },
          { series, x: 'p99', y: p99Ms },
        ]),
      },
    ],
    targets: [
      target(
        'p50, to the p50 of the bare database write',
        ratio(medians.get('eventline')?.p50Ms, write?.p50Ms),
        { max: 1.5 },
      ),
    ],
  };
}

/** Measures the latency of a contestant at each of the rates. */
export async function measureLatency(
  { server, load, contestant }: { server: Server; load: Caller; contestant: Contestant },
  { ms, rates }: { ms: number; rates: readonly number[] },
): Promise<Figures[]> {
  const { port } = server;
  const isWriteOnly = contestant.name === 'bare-write';
  await load('posters', { ports: server.ports, count: CONNECTIONS });
  if (!isWriteOnly) {
    await load('subscribers', { port, token: signToken(), count: USERS, of: 'user' });
  }
  await load('preparePaced', { ms: WARM_UP_MS, rate: RATE, users: USERS });
  await load('run');
  const all: Figures[] = [];
  for (const rate of rates) {
    await load('preparePaced', { ms, rate, users: USERS });
    const paced = await withCpu(server, () => load<Paced>('run'));
    const [p50Ms, p99Ms] = isWriteOnly
      ? [paced.writeP50Ms, paced.writeP99Ms]
      : [paced.p50Ms, paced.p99Ms];
    all.push({ p50Ms, p99Ms, cpu: paced.cpuMicros / paced.events });
  }
  return all;
}
