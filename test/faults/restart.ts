import { setTimeout as delay } from 'node:timers/promises';
import { checkOutcome } from './check-outcome.ts';
import { startCluster } from './cluster.ts';
import { createEventNumbers } from './event-numbers.ts';
import { createDurations, round } from './figures.ts';
import { createLedger } from './ledger.ts';
import { type PlannedReader, planReaders } from './plan-readers.ts';
import { createServerCounts } from './post-counts.ts';
import { startPosters } from './posters.ts';
import { showProgress } from './progress.ts';
import type { Reader } from './reader.ts';
import type { RunScenario } from './scenario.ts';
import { readHead, startReaders } from './start-readers.ts';
import { withLimit } from './with-limit.ts';

const LIMIT_MS = 60_000;
/** Between a recovery and the next kill. */
const PAUSE_MS = 4_000;

/**
 * Puts three servers under load, with clients spread over them. Kills and restarts one after the
 * other, and measures how long after its readiness each of its clients receives an event stored
 * after that moment.
 */
export const runRestart: RunScenario = async ({ options, run, findings }) => {
  const { seed, servers, rate, faults } = options;
  const cluster = await startCluster(run, findings, { servers });
  const { nodes, token } = cluster;
  const urls = nodes.map(({ url }) => url);
  const readAll = () => token({ scope: 'events:read' });
  const beginning = await readHead(urls, readAll, run.signal);
  const numbers = createEventNumbers();
  const ledger = createLedger(findings);
  const counts = nodes.map(createServerCounts);
  const plan = planReaders({ seed, count: options.readers, servers, durationMs: 0 }).map(stays);
  const readers = startReaders(run, plan, { cluster, numbers, findings, seed, beginning });
  const posters = startPosters({
    ...{ cluster, seed, ledger, findings, counts, ratePerSecond: rate },
    signal: run.signal,
  });
  let restarts = 0;
  const progress = showProgress(() => `${restarts} of ${faults} restarts`);
  run.onEnd(progress.close);
  const resumed = createDurations();
  const slowestMs: number[] = [];

  while (restarts < faults) {
    await delay(PAUSE_MS, undefined, { signal: run.signal });
    const number = restarts % servers;
    const node = nodes[number] as (typeof nodes)[number];
    const own = readers.all.filter(({ planned }) => planned.server === number);
    await node.server.kill();
    await node.server.start();
    const readyMs = performance.now();
    const tookMs = await withLimit(
      Promise.all(own.map((reader) => nextEvent(reader, readyMs))),
      LIMIT_MS,
      () => `not all clients of ${node.server.name} were back after ${LIMIT_MS / 1_000} s`,
    );
    for (const ms of tookMs) resumed.add(ms);
    slowestMs.push(round(Math.max(0, ...tookMs)));
    restarts += 1;
  }

  await withLimit(
    posters.finish(),
    LIMIT_MS,
    () => `${posters.underway()} deliveries have no answer`,
  );
  const log = await checkOutcome({
    ...{ cluster, seed, ledger, findings, readers, beginning, numbers },
    ...{ signal: run.signal, limitMs: LIMIT_MS },
  });
  return {
    events: log.events.length,
    acknowledged: ledger.acknowledgedCount(),
    readers: readers.all.length,
    restarts,
    resumed: resumed.count(),
    slowestMs,
    resumedP50Ms: round(resumed.percentileMs(0.5)),
    resumedP99Ms: round(resumed.percentileMs(0.99)),
  };
};

/**
 * A client of one server that receives all events, so that a live one receives one at any moment.
 */
function stays(planned: PlannedReader): PlannedReader {
  const name = planned.name.replace(/\(.*\)/, `(all, ${planned.transport})`);
  const all = { filter: {}, asUser: undefined, types: undefined, userIds: undefined };
  return { ...planned, ...all, name, manner: 'steady', start: 'beginning', startAtMs: 0 };
}

/** How long after `readyMs` the reader received its next event, in milliseconds. */
function nextEvent(reader: Reader, readyMs: number): Promise<number> {
  return new Promise((resolve) => {
    reader.onEvent = () => {
      reader.onEvent = () => undefined;
      resolve(performance.now() - readyMs);
    };
  });
}
