import type { Bench } from '../bench.ts';
import { type Contestant, type ContestantName, contestants } from '../contestants.ts';
import { medianRatio, mediansOfRounds, type Rounds } from '../measure-in-rounds.ts';
import { type Report, ratio, target } from '../report/report.ts';
import { measureSideBySide } from './measure-side-by-side.ts';
import { CONNECTIONS, LOW_RATE, RATE } from './open-instances.ts';

const eventline = ['eventline', 'eventline-3', 'eventline-5'] as const;
const counter = ['counter', 'counter-3', 'counter-5'] as const;
const names = [...eventline, ...counter];
/** The contestants that are also measured idle and at fixed rates. */
const paced = ['eventline', 'eventline-3'] as const;
const PERCENT = 100;

/** Measures several instances on one database against one instance. */
export async function instances(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const closed = { name: 'closedLoop', slices: quick ? 2 : 6, ms: 1_000, names } as const;
  const ours = [
    { name: 'idle', slices: quick ? 1 : 2, ms: quick ? 2_000 : 4_000, names: paced },
    closed,
    { name: 'paced', slices: quick ? 1 : 4, ms: quick ? 3_000 : 4_000, names: paced },
    { name: 'lowRate', slices: quick ? 1 : 2, ms: quick ? 3_000 : 10_000, names: paced },
  ] as const;
  const rounds: Rounds = new Map([
    ...(await measureSideBySide(bench, eventline, ours)),
    ...(await measureSideBySide(bench, counter, [closed])),
  ]);
  const toOne = (name: ContestantName, key: string) =>
    medianRatio(rounds, [name, name.startsWith('counter') ? 'counter' : 'eventline'], key);
  return {
    task: 'instances',
    title: 'Several instances on one database',
    notes: [
      `Closed loop: ${CONNECTIONS} connections in all, distributed evenly, each with one delivery at a time. Fixed rates: ${RATE} and ${LOW_RATE} deliveries/s in all, to each instance in turn, with one subscriber to all events on each instance.`,
      'One, three and five instances run side by side, each group with a database server of its own, and are measured in turns in short slices. Ratios are to one instance of the same contestant in the same slice; shown is the median. Servers, databases and load generators share the cores.',
      'Every acknowledged event must be in the log: the run waits until it is, the CPU time includes that, and the table shows how long it took. A subscriber "elsewhere" is connected to another instance than the one that answered.',
      'Commands are all messages that the database received, with those of the connection monitors of the driver. An idle instance has no readers.',
      'The counter in a transaction follows DomainBlocks/mongodb-sequencing (batches of up to 500, a conflict is retried at once), behind the HTTP server of the plain group commit. It recognises no duplicates.',
    ],
    tables: tablesOf(rounds, toOne),
    plots: [
      {
        name: 'rate',
        title: `Acknowledgements over ${CONNECTIONS} connections, to one instance`,
        kind: 'lines',
        x: 'instances',
        y: 'to one instance',
        points: names.flatMap((name) => {
          const series = name.startsWith('counter') ? 'counter' : 'eventline';
          const y = toOne(name, 'rate');
          return y === undefined ? [] : [{ series, x: instancesOf(name), y }];
        }),
      },
    ],
    targets: targetsOf(rounds, toOne),
  };
}

type ToOne = (name: ContestantName, key: string) => number | undefined;

function instancesOf(name: ContestantName): number {
  const contestant: Contestant = contestants[name];
  return contestant.instances ?? 1;
}

function tablesOf(rounds: Rounds, toOne: ToOne): Report['tables'] {
  const medians = [...mediansOfRounds(rounds)];
  const ours = medians.filter(([, { pacedP50Ms }]) => pacedP50Ms !== undefined);
  return [
    {
      title: `Closed loop, ${CONNECTIONS} connections`,
      columns: [
        ...['', 'acks/s', 'to one', 'p50 ms', 'p99 ms', 'slowest instance, % of a fair share'],
        ...['CPU µs each', 'to one', 'database', 'to one', 'commands an event'],
        ...['all in the log after ms', 'load average'],
      ],
      rows: medians.map(([name, figures]) => [
        ...[contestants[name].label, figures.rate, toOne(name, 'rate')],
        ...[figures.p50Ms, figures.p99Ms, (figures.leastShare ?? Number.NaN) * PERCENT],
        ...[figures.cpu, toOne(name, 'cpu')],
        ...[figures.databaseCpu, toOne(name, 'databaseCpu'), figures.commands],
        ...[figures.inLogMs, figures.load],
      ]),
    },
    {
      title: `${RATE} deliveries/s in all`,
      columns: [
        ...['', 'ack p50 ms', 'to one', 'ack p99 ms', 'to one', 'subscriber elsewhere p50 ms'],
        ...['to the subscriber of one', 'CPU µs each', 'to one', 'database', 'to one'],
      ],
      rows: ours.map(([name, figures]) => [
        contestants[name].label,
        ...[figures.pacedP50Ms, toOne(name, 'pacedP50Ms')],
        ...[figures.pacedP99Ms, toOne(name, 'pacedP99Ms')],
        ...[figures.seenP50Ms, toOne(name, 'seenP50Ms')],
        ...[figures.pacedCpu, toOne(name, 'pacedCpu')],
        ...[figures.pacedDatabaseCpu, toOne(name, 'pacedDatabaseCpu')],
      ]),
    },
    {
      title: 'Idle and low rates',
      columns: [
        ...['', `an event at ${RATE}/s`, `an event at ${LOW_RATE}/s`, 'a second, idle'],
        ...['a second and instance, idle', 'CPU µs a second and instance, idle'],
        ...[`CPU µs an event at ${LOW_RATE}/s`, 'database'],
      ],
      rows: ours.map(([name, figures]) => [
        ...[contestants[name].label, figures.pacedCommands, figures.lowRateCommands],
        ...[figures.idleCommands, ratio(figures.idleCommands, instancesOf(name))],
        ratio(figures.idleCpu, instancesOf(name)),
        ...[figures.lowRateCpu, figures.lowRateDatabaseCpu],
      ]),
    },
  ];
}

function targetsOf(rounds: Rounds, toOne: ToOne): Report['targets'] {
  const least = mediansOfRounds(rounds).get('eventline-3')?.leastShare;
  const kept = (ours: ContestantName, theirs: ContestantName) =>
    ratio(toOne(ours, 'rate'), toOne(theirs, 'rate'));
  const three = (key: string) => toOne('eventline-3', key);
  const atRate = `three at ${RATE}/s`;
  const one = mediansOfRounds(rounds).get('eventline');
  return [
    target(`one at ${LOW_RATE}/s: commands an event`, one?.lowRateCommands, { max: 2.5 }),
    target(`${atRate}: ack p50, to one instance`, three('pacedP50Ms'), { max: 2 }),
    target(`${atRate}: ack p99`, three('pacedP99Ms'), { max: 2.5 }),
    target(`${atRate}: post to a subscriber elsewhere, p50`, three('seenP50Ms'), { max: 4 }),
    target(`${atRate}: CPU an event, servers`, three('pacedCpu'), { max: 1.6 }),
    target(`${atRate}: CPU an event, database`, three('pacedDatabaseCpu'), { max: 1.8 }),
    target('three, closed loop: acks/s, to one instance', three('rate'), { min: 0.75 }),
    target('three, closed loop: CPU an event, servers', three('cpu'), { max: 1.6 }),
    target('three, closed loop: CPU an event, database', three('databaseCpu'), { max: 1.8 }),
    target('three, closed loop: slowest instance to a fair share', least, { min: 0.8 }),
    target('five, closed loop: acks/s, to one instance', toOne('eventline-5', 'rate'), {
      min: 0.65,
    }),
    target('what three keep of the rate, to the counter', kept('eventline-3', 'counter-3'), {
      min: 1,
    }),
    target('what five keep of the rate, to the counter', kept('eventline-5', 'counter-5'), {
      min: 1,
    }),
  ];
}
