import { setTimeout as delay } from 'node:timers/promises';
import { sign } from '../../src/webhook/sign.ts';
import { checkLog } from './check-log.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { type Delivery, makeDelivery } from './delivery.ts';
import { round } from './figures.ts';
import type { Findings } from './findings.ts';
import { type Acknowledgement, createLedger, type Ledger } from './ledger.ts';
import { post } from './post.ts';
import { createServerCounts, type ServerCounts } from './post-counts.ts';
import type { Run } from './run-directory.ts';
import type { RunScenario } from './scenario.ts';
import { withLimit } from './with-limit.ts';

/** Connections of senders, all busy, spread over the servers. */
const SENDERS = 192;
const AFTER_503_MS = 200;
const LIMIT_MS = 60_000;

/**
 * Puts several servers under full load at once, then one alone under the same load. Measures what
 * each appended, how long acknowledgements took, and how many got 503.
 */
export const runContention: RunScenario = async ({ options, run, findings }) => {
  const { seed, servers, minutes } = options;
  const cluster = await startCluster(run, findings, { servers });
  const ledger = createLedger(findings);
  const counts = cluster.nodes.map(createServerCounts);
  const next = freshNumbers(seed);
  const context = { cluster, ledger, findings, seed, run, next, forMs: minutes * 60_000 };
  const together = await load(context, counts);
  const alone = await load(
    { ...context, cluster: { ...cluster, nodes: cluster.nodes.slice(0, 1) } },
    [createServerCounts()],
  );
  const log = await checkLog({ cluster, seed, ledger, findings, signal: run.signal });
  const stored = counts.map((count) => count.stored);
  const sum = stored.reduce((total, each) => total + each, 0);
  return {
    events: log.events.length,
    senders: SENDERS,
    stored,
    leastShare: round(Math.min(...stored) / sum),
    ackP50Ms: counts.map(({ acks }) => round(acks.percentileMs(0.5))),
    ackP99Ms: counts.map(({ acks }) => round(acks.percentileMs(0.99))),
    unavailable: counts.map(({ unavailable }) => unavailable),
    eventsPerSecond: round(together.perSecond),
    alone: {
      eventsPerSecond: round(alone.perSecond),
      ackP50Ms: round(alone.first.acks.percentileMs(0.5)),
      ackP99Ms: round(alone.first.acks.percentileMs(0.99)),
      unavailable: alone.first.unavailable,
    },
    ratio: round(together.perSecond / alone.perSecond),
  };
};

interface Load {
  cluster: Cluster;
  ledger: Ledger;
  findings: Findings;
  seed: number;
  run: Run;
  next: () => Delivery;
  forMs: number;
}

/** Posts as fast as answers arrive for the duration, then until all deliveries are acknowledged. */
async function load(options: Load, counts: readonly ServerCounts[]) {
  const { cluster, ledger, run, next, forMs } = options;
  const beganMs = performance.now();
  const untilMs = beganMs + forMs;
  let inTime = 0;
  let busy = 0;

  async function send(number: number): Promise<void> {
    const node = cluster.nodes[number];
    const count = counts[number];
    if (!node || !count) throw new RangeError(`there is no server ${number}`);
    busy += 1;
    while (performance.now() < untilMs && !run.signal.aborted) {
      const delivery = next();
      const signature = sign(delivery.body, cluster.webhookSecret);
      ledger.posted(delivery);
      for (;;) {
        // Directly, not through the relay, since the servers are measured.
        const answer = await post(node.server.url, { body: delivery.body, signature });
        if (answer?.status === 200) {
          const acknowledgement = answer.body as unknown as Acknowledgement;
          if (acknowledgement.status === 'stored') count.stored += 1;
          if (performance.now() < untilMs) inTime += 1;
          count.acks.add(answer.tookMs);
          ledger.acknowledged(delivery, acknowledgement, node.server.name);
          break;
        }
        if (answer === undefined) count.unanswered += 1;
        else if (answer.status === 503) count.unavailable += 1;
        else {
          const said = `${answer.status} ${JSON.stringify(answer.body)}`;
          options.findings.add('wrong', `${node.server.name} answered ${said}`);
          break;
        }
        if (run.signal.aborted) break;
        await delay(AFTER_503_MS);
      }
    }
    busy -= 1;
  }

  const senders = Array.from({ length: SENDERS }, (_, index) => send(index % cluster.nodes.length));
  await withLimit(
    Promise.all(senders),
    forMs + LIMIT_MS,
    () => `${busy} senders have no acknowledgement ${LIMIT_MS / 1_000} s after the end`,
  );
  return { perSecond: (inTime * 1_000) / forMs, first: counts[0] as ServerCounts };
}

/** Acceptable deliveries, one after the other. */
function freshNumbers(seed: number): () => Delivery {
  let index = 0;
  return () => {
    for (;;) {
      const delivery = makeDelivery(seed, index);
      index += 1;
      if (delivery.expects === 'acceptance') return delivery;
    }
  };
}
