import { setTimeout as delay } from 'node:timers/promises';
import { signToken } from '../../src/auth/sign-token.ts';
import { startDatabaseProcess } from '../faults/database-process.ts';
import { createDurations } from '../faults/figures.ts';
import type { Findings } from '../faults/findings.ts';
import type { Run } from '../faults/run-directory.ts';
import { type ServerProcess, startServerProcess } from '../faults/server-process.ts';
import type { SoakOptions } from './options.ts';
import type { ServerFigures, SoakFigures } from './report.ts';
import { createSender } from './sender.ts';
import { startVisitor, type Visitor } from './visitor.ts';
import { type OpenThings, openThings, watchServer } from './watch-server.ts';

const SECRETS = {
  webhookSecret: 'the-secret-of-the-soak-24',
  jwtSecret: 'the-jwt-secret-of-the-soak-of-40-letters',
};
const STARTS = 5;
const WARM_UP_MS = 5_000;
/** How long the last events may take to arrive, and connections to close. */
const SETTLE_MS = 30_000;
/** One in this many subscribers reads all users' events, and one uses SSE. */
const EVERYBODY_EVERY = 200;
const SSE_EVERY = 10;

/** Runs the soak test; faults are in `findings`. */
export async function runSoak(
  options: SoakOptions,
  { run, findings }: { run: Run; findings: Findings },
): Promise<SoakFigures> {
  const { minutes, rate, subscribers } = options;
  const durationMs = minutes * 60_000;
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const mongodbUri = options.uri ?? (await startDatabaseProcess(run, findings)).uri;
  const servers: ServerProcess[] = [];
  for (let index = 1; index <= options.servers; index += 1) {
    const settings = { name: `server ${index}`, mongodbUri, ...SECRETS };
    servers.push(await startServerProcess(run, settings, findings));
  }
  const startToReadyMs = await startTime(servers[0]);
  const urls = servers.map(({ url }) => url);

  const users = Array.from({ length: subscribers }, (_, index) => `soak-${index}`);
  const sender = createSender({ urls, users, rate, findings, ...SECRETS });
  const latencies = createDurations();
  const startOne = async (index: number): Promise<Visitor> => {
    const readsAll = index % EVERYBODY_EVERY === 0;
    const userId = readsAll ? undefined : users[index];
    const claims = readsAll ? { scope: 'events:read' } : { user: userId };
    const token = await signToken(SECRETS.jwtSecret, claims, `${Math.ceil(minutes) + 60}m`);
    const transport = index % SSE_EVERY === 1 ? 'sse' : 'websocket';
    const name = `subscriber ${index}`;
    return startVisitor({
      ...{ name, urls, token, userId, transport, sender, findings, latencies },
    });
  };

  say('Warming up …');
  const warm = new AbortController();
  const warming = sender.run(warm.signal);
  const first = await Promise.all(users.slice(0, 20).map((_, index) => startOne(index)));
  await delay(WARM_UP_MS);
  await Promise.all(first.map((visitor) => visitor.leave()));
  warm.abort();
  await warming;
  const openAtStart = await Promise.all(servers.map((server) => untilClosed(server, mongodbUri)));

  say(`${minutes} minutes at ${rate} events/s with ${subscribers} subscribers …`);
  const watches = await Promise.all(servers.map(watchServer));
  const stopped = new AbortController();
  const sending = sender.run(stopped.signal);
  const visitors: Visitor[] = [];
  const startedMs = performance.now();
  for (let index = 0; index < subscribers; index += 1) {
    visitors.push(await startOne(index));
    // Subscribers connect within the first moments, in groups.
    if (index % 20 === 19) await delay(50);
  }
  for (let minute = 1; performance.now() - startedMs < durationMs; minute += 1) {
    const leftMs = Math.min(60_000, durationMs - (performance.now() - startedMs));
    await delay(leftMs, undefined, { signal: run.signal });
    const { acknowledged } = sender.figures();
    const errors = ['lost', 'doubled', 'wrong'].map((kind) => findings.count(kind as 'lost'));
    say(`minute ${minute}: ${acknowledged} acknowledged, errors ${errors.join('/')}`);
  }

  for (const visitor of visitors) visitor.stay();
  for (const watch of watches) await watch.stop();
  stopped.abort();
  await sending;
  const isLate = await within(SETTLE_MS, () => visitors.every((visitor) => !visitor.isBehind()));
  if (isLate) {
    const behind = visitors.filter((visitor) => visitor.isBehind()).length;
    findings.add('lost', `${behind} subscribers did not get the last of what was acknowledged`);
  }
  const figures = await Promise.all(
    servers.map(async ({ name }, index): Promise<Omit<ServerFigures, 'openAtEnd'>> => {
      const watch = watches[index];
      const start = openAtStart[index];
      if (watch === undefined || start === undefined) throw new Error('a server without a watch');
      const quarter = (number: number) =>
        watch.memoryMiB((durationMs * (number - 1)) / 4, (durationMs * number) / 4)?.resident ?? 0;
      const minuteMs = 60_000;
      return {
        name,
        publishDelayP99Ms: await watch.publishDelayMs(0.99),
        longestLagMs: watch.longestLagMs(),
        minutes: Array.from({ length: Math.ceil(minutes) }, (_, minute) =>
          watch.memoryMiB(minute * minuteMs, (minute + 1) * minuteMs),
        ).filter((one) => one !== undefined),
        secondQuarterMiB: quarter(2),
        lastQuarterMiB: quarter(4),
        openAtStart: start,
      };
    }),
  );
  await Promise.all(visitors.map((visitor) => visitor.leave()));
  const openAtEnd = await Promise.all(
    servers.map((server, index) => untilClosed(server, mongodbUri, openAtStart[index]?.files)),
  );
  const { acknowledged, ackMs, late } = sender.figures();
  return {
    options,
    database: options.uri === undefined ? 'the embedded database' : 'MONGODB_URI',
    startToReadyMs,
    ...{ acknowledged, ackMs, late },
    visits: visitors.reduce((sum, visitor) => sum + visitor.visits(), 0),
    errors: {
      ...{ lost: findings.count('lost'), doubled: findings.count('doubled') },
      ...{ disordered: findings.count('disordered'), wrong: findings.count('wrong') },
    },
    latencyMs: { p50: latencies.percentileMs(0.5), p99: latencies.percentileMs(0.99) },
    servers: figures.map((figure, index) => ({
      ...figure,
      openAtEnd: openAtEnd[index] ?? figure.openAtStart,
    })),
  };
}

/** The median start time with a running database that has its indexes, in ms. */
async function startTime(server: ServerProcess | undefined): Promise<number> {
  const took: number[] = [];
  for (let start = 0; server && start < STARTS; start += 1) {
    await server.terminate();
    const startedMs = performance.now();
    await server.start();
    took.push(performance.now() - startedMs);
  }
  return took.sort((one, other) => one - other)[Math.floor(STARTS / 2)] ?? 0;
}

/** Waits until all subscriptions have ended, and no more files than these are open. */
async function untilClosed(
  server: ServerProcess,
  mongodbUri: string,
  files = Number.POSITIVE_INFINITY,
): Promise<OpenThings> {
  let open = await openThings(server, mongodbUri);
  await within(SETTLE_MS, async () => {
    open = await openThings(server, mongodbUri);
    return open.subscriptions === 0 && open.connections <= 2 && open.files <= files;
  });
  return open;
}

/** Returns true if the condition did not hold within this time. */
async function within(limitMs: number, isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  while (performance.now() < endMs) {
    if (await isSo()) return false;
    await delay(200);
  }
  return true;
}
