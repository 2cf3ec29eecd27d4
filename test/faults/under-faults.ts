import type { Faults } from './apply-faults.ts';
import { checkOutcome } from './check-outcome.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { createEventNumbers } from './event-numbers.ts';
import { round } from './figures.ts';
import { createLedger } from './ledger.ts';
import { planReaders } from './plan-readers.ts';
import { createServerCounts, type ServerCounts } from './post-counts.ts';
import { startPosters } from './posters.ts';
import { showProgress } from './progress.ts';
import { megabytes } from './resident-bytes.ts';
import type { ScenarioContext } from './scenario.ts';
import { type Readers, readHead, startReaders } from './start-readers.ts';
import { withLimit } from './with-limit.ts';

/** Generous: work that takes longer hangs. */
const WHOLE_LIMIT_MS = 120_000;
const POSTERS_LIMIT_MS = 120_000;
const READERS_LIMIT_MS = 120_000;
/** So short that the server ends stalled readers during the run. */
const STALLED_READER_SECONDS = '10';

/** The parts of the system that faults are applied to. */
export interface FaultTarget {
  cluster: Cluster;
  counts: readonly ServerCounts[];
  readers: Readers;
  durationMs: number;
}

/** Running faults, with figures for the report. */
export interface StartedFaults extends Faults {
  /** Called when all faults are done, while deliveries are still posted. */
  figures?(): object;
}

/** Runs posters, readers of every kind and faults concurrently; then compares everything. */
export async function runUnderFaults(
  { options, run, findings }: ScenarioContext,
  startFaults: (target: FaultTarget) => StartedFaults,
): Promise<object> {
  const { seed, servers, rate, minutes } = options;
  const durationMs = minutes * 60_000;
  const cluster = await startCluster(run, findings, { servers, env: { STALLED_READER_SECONDS } });
  const { nodes, token } = cluster;
  const memory = () => Promise.all(nodes.map(({ server }) => server.residentBytes()));
  const memoryBefore = await memory();
  const urls = nodes.map(({ url }) => url);
  const beginning = await readHead(urls, () => token({ scope: 'events:read' }), run.signal);

  const numbers = createEventNumbers();
  const ledger = createLedger(findings);
  const counts = nodes.map(createServerCounts);
  const plan = planReaders({ seed, count: options.readers, servers, durationMs });
  const readers = startReaders(run, plan, { cluster, numbers, findings, seed, beginning });
  const startedMs = performance.now();
  const posters = startPosters({
    ...{ cluster, seed, ledger, findings, counts, ratePerSecond: rate },
    signal: run.signal,
  });
  const faults = startFaults({ cluster, counts, readers, durationMs });
  const progress = showProgress(() => {
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    const done = sum(Object.values(faults.done()));
    return `${seconds} s: ${posters.started()} deliveries (${posters.underway()} under way), ${done} faults, ${sum(readers.all.map(({ received }) => received.length))} events read`;
  });
  run.onEnd(progress.close);

  await timeIsOver(startedMs + durationMs);
  await withLimit(faults.finished, WHOLE_LIMIT_MS, () => {
    return `not whole again after ${WHOLE_LIMIT_MS / 1_000} s: ${faults.underway().join(', ')}`;
  });
  const figures = faults.figures?.();
  await withLimit(posters.finish(), POSTERS_LIMIT_MS, () => {
    return `${posters.underway()} deliveries have no last word after ${POSTERS_LIMIT_MS / 1_000} s`;
  });
  const postedMs = performance.now() - startedMs;
  await readers.started;
  const log = await checkOutcome({
    ...{ cluster, seed, ledger, findings, readers, beginning, numbers },
    ...{ signal: run.signal, limitMs: READERS_LIMIT_MS },
  });

  return {
    events: log.events.length,
    acknowledged: ledger.acknowledgedCount(),
    duplicates: ledger.duplicateCount(),
    refused: ledger.numbers('refusal').size,
    forged: ledger.numbers('bad-signature').size,
    faults: sum(Object.values(faults.done())),
    kinds: faults.done(),
    ...figures,
    readers: readers.all.length,
    delivered: sum(readers.all.map(({ received }) => received.length)),
    resumes: sum(readers.all.map(({ resumes }) => resumes)),
    eventsPerSecond: round(log.events.length / (postedMs / 1_000)),
    ackMs: [0.5, 0.99].map((share) => round(posters.untilAcknowledged.percentileMs(share))),
    stored: counts.map(({ stored }) => stored),
    leastShare: round(Math.min(...counts.map(({ stored }) => stored)) / log.events.length),
    serverAckP99Ms: counts.map(({ acks }) => round(acks.percentileMs(0.99))),
    unavailable: counts.map(({ unavailable }) => unavailable),
    unanswered: counts.map(({ unanswered }) => unanswered),
    sigtermMs: faults.endsMs().map(round),
    failedStarts: sum(nodes.map(({ server }) => server.failedStarts())),
    memoryMbBefore: memoryBefore.map(megabytes),
    memoryMbAfter: (await memory()).map(megabytes),
  };
}

const sum = (list: readonly (number | undefined)[]) =>
  list.reduce<number>((total, each) => total + (each ?? 0), 0);

function timeIsOver(atMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - performance.now())));
}
