import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { type Figures, inRounds, type Medians } from '../in-rounds.ts';
import type { Bursts } from '../load/run-bursts.ts';
import type { OneAtATime } from '../load/run-one-at-a-time.ts';
import type { Ask } from '../processes/calls.ts';
import { goal, type Plot, type Report, ratio, type Table } from '../report/report.ts';
import { signToken } from '../sign-token.ts';
import type { Server } from '../start-contestant.ts';
import { withContestant, withCpu } from '../with-contestant.ts';

/** Events of a burst, each on a connection of its own. */
const BURST = 50;
const QUICK_BURST = 40;
const WARM_BURST = 20;
const WARM_MS = 300;
const names = ['eventline', 'apollo', 'mercurius', 'yoga', 'raw-ws', 'frame'] as const;

/** Fan-out of the same operation. */
export async function fanout(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const counts = quick ? [500] : [500, 2_000];
  const ms = quick ? 500 : 1_500;
  const burst = quick ? QUICK_BURST : BURST;
  const all = new Map<number, Medians>();
  for (const count of counts) {
    const what = `fanout to ${count}`;
    all.set(
      count,
      await inRounds(bench, { names, what }, (contestant) =>
        withContestant(bench, contestant, (server, load) =>
          measureFanout(server, load, { count, ms, burst }),
        ),
      ),
    );
  }
  return {
    work: 'fanout',
    title: 'Fan-out: the same operation for everybody',
    notes: [
      `"One at a time": an event is posted when every subscriber has got the last one and its post was answered, so the time of a single event counts whole. For Eventline that has the signature, the log and its durable write in it; for all others nothing but the HTTP request.`,
      `"First to last": from the first subscriber's message to the last one's, the median over the events; it is the fan-out alone, whatever came before.`,
      `"Bursts": ${burst} posts at once on ${burst} connections, the next burst when every subscriber has got all.`,
      '"Answered 503": posts of bursts that were told to come again, and were sent again; the time counts.',
      'CPU is that of the server process for the whole way, the requests and the log of Eventline too, divided by the deliveries.',
      ...(quick ? ['--quick: 500 subscribers only, and smaller bursts.'] : []),
    ],
    tables: [...all].map(([count, medians]) => table(count, medians)),
    plots: [plot(all, 'single', 'one event at a time'), plot(all, 'burst', `bursts of ${burst}`)],
    goals: [...all].flatMap(([count, medians]) => goals(count, medians)),
  };
}

/** One contestant's figures with so many subscribers. */
export async function measureFanout(
  server: Server,
  load: Ask,
  { count, ms, burst = BURST }: { count: number; ms: number; burst?: number },
): Promise<Figures> {
  const { port } = server;
  await load('posters', { port, count: burst });
  const options = { port, token: signToken(), count, of: 'all' };
  const { messageBytes } = await load<{ messageBytes: number }>('subscribers', options);
  await load('oneAtATime', { ms: WARM_MS });
  const single = await withCpu(server, () => load<OneAtATime>('oneAtATime', { ms }));
  await load('bursts', { ms: 1, size: WARM_BURST });
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
      'CPU µs a delivery',
      'bursts, deliveries/s',
      'to Apollo way',
      'CPU µs a delivery',
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

function goals(count: number, medians: Medians) {
  const ours = medians.get('eventline');
  const apollo = medians.get('apollo');
  const frame = medians.get('frame');
  const say = (what: string) => `${count} subscribers, ${what}`;
  return [
    goal(say('one at a time, to the Apollo way'), ratio(ours?.single, apollo?.single), {
      least: 5,
    }),
    goal(say('the same, first to last message'), ratio(ours?.spread, apollo?.spread), {
      least: 5,
    }),
    goal(say('one at a time, to the hand-made frame'), ratio(ours?.single, frame?.single), {
      least: 0.9,
    }),
    goal(say('the same, first to last message'), ratio(ours?.spread, frame?.spread), {
      least: 0.9,
    }),
    goal(say('bursts, to the Apollo way'), ratio(ours?.burst, apollo?.burst), { least: 25 }),
    goal(say('the same, by CPU a delivery'), ratio(apollo?.burstCpu, ours?.burstCpu), {
      least: 25,
    }),
  ];
}
