import { cpus, totalmem } from 'node:os';
import type { SoakOptions } from './options.ts';
import type { OpenThings } from './watch-server.ts';

export interface SoakFigures {
  options: SoakOptions;
  database: string;
  startToReadyMs: number;
  acknowledged: number;
  visits: number;
  errors: Record<'lost' | 'doubled' | 'disordered' | 'wrong', number>;
  ackMs: { p50: number; p99: number };
  /** From the post to the subscriber. */
  latencyMs: { p50: number; p99: number };
  late: number;
  servers: ServerFigures[];
}

export interface ServerFigures {
  name: string;
  publishDelayP99Ms: number;
  longestLagMs: number;
  /** By minute, in MiB. */
  minutes: { resident: number; heap: number }[];
  /** The mean of the second quarter, and of the last one, in MiB. */
  secondQuarterMiB: number;
  lastQuarterMiB: number;
  openAtStart: OpenThings;
  openAtEnd: OpenThings;
}

interface Goal {
  what: string;
  wanted: string;
  got: string;
  isReached: boolean;
}

const MAX_GROWTH = 0.05;
const MAX_LAG_MS = 50;
const MAX_START_MS = 1_500;

/** Returns each goal, and whether it was reached. */
export function goalsOf({ errors, servers, startToReadyMs }: SoakFigures): Goal[] {
  const all = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const goals: Goal[] = [
    { what: 'errors', wanted: '0', got: String(all), isReached: all === 0 },
    {
      what: 'start to ready',
      wanted: `under ${MAX_START_MS} ms`,
      got: `${startToReadyMs.toFixed(0)} ms`,
      isReached: startToReadyMs < MAX_START_MS,
    },
  ];
  for (const server of servers) {
    const { name, publishDelayP99Ms, secondQuarterMiB, lastQuarterMiB } = server;
    const growth = lastQuarterMiB / secondQuarterMiB - 1;
    const { openAtStart: start, openAtEnd: end } = server;
    goals.push(
      {
        what: `${name}: from reception to publication, p99`,
        wanted: `under ${MAX_LAG_MS} ms`,
        got: `${publishDelayP99Ms.toFixed(1)} ms`,
        isReached: publishDelayP99Ms < MAX_LAG_MS,
      },
      {
        what: `${name}: memory of the last quarter to the second`,
        wanted: `within ${MAX_GROWTH * 100} %`,
        got: `${(growth * 100).toFixed(1)} %`,
        isReached: Math.abs(growth) <= MAX_GROWTH,
      },
      {
        what: `${name}: open files (less the database's), connections, subscriptions when all have left`,
        wanted: `at most ${toText(start)}`,
        got: toText(end),
        isReached:
          end.files <= start.files &&
          end.connections <= start.connections &&
          end.subscriptions <= start.subscriptions,
      },
    );
  }
  return goals;
}

/** Formats the figures as Markdown. */
export function toMarkdown(figures: SoakFigures): string {
  const { options, errors, ackMs, latencyMs, servers } = figures;
  const { minutes, rate, subscribers } = options;
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const ms = ({ p50, p99 }: { p50: number; p99: number }) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  return [
    `${date}: ${minutes} minutes, ${rate} events/s, ${subscribers} subscribers, ${servers.length} server(s); ${machine}, Node ${process.version}; ${figures.database}.`,
    '',
    `- ${figures.acknowledged} deliveries acknowledged; ${figures.visits} visits of subscribers; errors: ${Object.entries(
      errors,
    )
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ')}; ${figures.late} deliveries were late at the sender`,
    `- a delivery to its answer: ${ms(ackMs)}; from the post to a live subscriber: ${ms(latencyMs)}`,
    ...servers.map(
      ({ name, longestLagMs }) =>
        `- ${name}: the feed stood still behind the log for ${longestLagMs.toFixed(0)} ms at most (looked at every 2 s)`,
    ),
    '',
    '| to be reached | wanted | got | reached |',
    '| --- | --- | --- | --- |',
    ...goalsOf(figures).map(
      ({ what, wanted, got, isReached }) =>
        `| ${what} | ${wanted} | ${got} | ${isReached ? 'yes' : '**no**'} |`,
    ),
    '',
    `| minute | ${servers.map(({ name }) => `${name}: resident, MiB | heap, MiB`).join(' | ')} |`,
    `| ---: |${' ---: | ---: |'.repeat(servers.length)}`,
    ...(servers[0]?.minutes ?? []).map((_, minute) => {
      const cells = servers.map(({ minutes: all }) => {
        const { resident = 0, heap = 0 } = all[minute] ?? {};
        return `${resident.toFixed(0)} | ${heap.toFixed(0)}`;
      });
      return `| ${minute + 1} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

function toText({ files, connections, subscriptions }: OpenThings): string {
  return `${files}, ${connections}, ${subscriptions}`;
}
