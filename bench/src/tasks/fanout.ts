import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import type { Bursts } from '../load/run-bursts.ts';
import type { OneAtATime } from '../load/run-one-at-a-time.ts';
import { type Figures, type Medians, measureInRounds } from '../measure-in-rounds.ts';
import type { Caller } from '../processes/remote-calls.ts';
import { type Plot, type Report, ratio, type Table, target } from '../report/report.ts';
import { signToken } from '../sign-token.ts';
import type { Server } from '../start-contestant.ts';
import { withContestant, withCpu } from '../with-contestant.ts';

/** Events per burst, each on its own connection. */
const BURST = 50;
const QUICK_BURST = 40;
const WARM_UP_BURST = 20;
const WARM_UP_MS = 300;
const names = ['eventline', 'apollo', 'mercurius', 'yoga', 'raw-ws', 'frame'] as const;

/** Measures the fan-out of the same operation. */
export async function fanout(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const counts = quick ? [500] : [500, 2_000];
  const ms = quick ? 500 : 1_500;
  const burst = quick ? QUICK_BURST : BURST;
  const all = new Map<number, Medians>();
  for (const count of counts) {
    const label = `fanout to ${count}`;
    all.set(
      count,
      await measureInRounds(bench, { names, label }, (contestant) =>
        withContestant(bench, contestant, (server, load) =>
          measureFanout(server, load, { count, ms, burst }),
        ),
      ),
    );
  }
  return {
    task: 'fanout',
    title: 'Fan-out of the same operation',
    notes: [
      `"One at a time": an event is posted when every subscriber has received the one before and its post was answered, so the whole time of each event counts. For Eventline this includes the signature, the log and its durable write; for the others only the HTTP request.`,
      `"First to last": from the first subscriber's message to the last one's, median over the events. This is the fan-out alone.`,
      `"Bursts": ${burst} posts at the same time on ${burst} connections, the next burst when every subscriber has received all of them.`,
      '"Answered 503": posts of bursts that were refused and retried; the time counts.',
      'CPU is the CPU time of the server process for everything, including requests and the log of Eventline, divided by the deliveries.',
      ...(quick ? ['--quick: 500 subscribers only, and smaller bursts.'] : []),
    ],
    tables: [...all].map(([count, medians]) => table(count, medians)),
    plots: [plot(all, 'single', 'one event at a time'), plot(all, 'burst', `bursts of ${burst}`)],
    targets: [...all].flatMap(([count, medians]) => targetsOf(count, medians)),
  };
}

/** Measures one contestant with `count` subscribers. */
export async function measureFanout(
  server: Server,
  load: Caller,
  { count, ms, burst = BURST }: { count: number; ms: number; burst?: number },
): Promise<Figures> {
  const { port } = server;
  await load('posters', { ports: server.ports, count: burst });
  const options = { port, token: signToken(), count, of: 'all' };
  const { messageBytes } = await load<{ messageBytes: number }>('subscribers', options);
  await load('oneAtATime', { ms: WARM_UP_MS });
  const single = await withCpu(server, () => load<OneAtATime>('oneAtATime', { ms }));
  await load('bursts', { ms: 1, size: WARM_UP_BURST });
  const bursts = await withCpu(server, () => load<Bursts>('bursts', { ms, size: burst }));
  return {
    single: single.deliveries / single.seconds,
    spread: count / (single.spreadMs / 1_000),
    wholeMs: single.wholeMs,
    singleCpu: single.cpuMicros / single.deliveries,
    burst: bursts.deliveries / bursts.seconds,
    burstCpu: bursts.cpuMicros / bursts.deliveries,
    refusals: bursts.refusals,
    messageBytes,
  };
}

function table(count: number, medians: Medians): Table {
  const apollo = medians.get('apollo');
  return {
    title: `${count} subscribers`,
    columns: [
      '',
      'one at a time, deliveries/s',
      'to Apollo way',
      'first to last, deliveries/s',
      'to Apollo way',
      'an event, ms',
      'CPU µs per delivery',
      'bursts, deliveries/s',
      'to Apollo way',
      'CPU µs per delivery',
      'answered 503',
      'bytes',
    ],
    rows: [...medians].map(([name, figures]) => [
      contestants[name].label,
      figures.single,
      ratio(figures.single, apollo?.single),
      figures.spread,
      ratio(figures.spread, apollo?.spread),
      figures.wholeMs,
      figures.singleCpu,
      figures.burst,
      ratio(figures.burst, apollo?.burst),
      figures.burstCpu,
      figures.refusals,
      figures.messageBytes,
    ]),
  };
}

function plot(all: ReadonlyMap<number, Medians>, key: string, title: string): Plot {
  return {
    name: key,
    title: `Fan-out, ${title}`,
    kind: 'bars',
    x: 'subscribers',
    y: 'deliveries/s',
    points: [...all].flatMap(([count, medians]) =>
      [...medians].map(([series, figures]) => ({
        series,
        x: String(count),
        y: figures[key] ?? Number.NaN,
      })),
    ),
  };
}

function targetsOf(count: number, medians: Medians) {
  const ours = medians.get('eventline');
  const apollo = medians.get('apollo');
  const frame = medians.get('frame');
  const name = (metric: string) => `${count} subscribers, ${metric}`;
  return [
    target(name('one at a time, to the Apollo way'), ratio(ours?.single, apollo?.single), {
      min: 5,
    }),
    target(name('the same, first to last message'), ratio(ours?.spread, apollo?.spread), {
      min: 5,
    }),
    target(name('one at a time, to the hand-made frame'), ratio(ours?.single, frame?.single), {
      min: 0.9,
    }),
    target(name('the same, first to last message'), ratio(ours?.spread, frame?.spread), {
      min: 0.9,
    }),
    target(name('bursts, to the Apollo way'), ratio(ours?.burst, apollo?.burst), { min: 25 }),
    target(name('the same, by CPU per delivery'), ratio(apollo?.burstCpu, ours?.burstCpu), {
      min: 25,
    }),
  ];
}
