import { round } from './figures.ts';
import { applyHolderFaults } from './holder-faults.ts';
import { createPauses, type Pauses } from './pauses.ts';
import type { RunScenario } from './scenario.ts';
import { runUnderFaults } from './under-faults.ts';
import { watchLease } from './watch-lease.ts';
import { watchLive } from './watch-live.ts';

/** Generous: a busy machine may stop everything for seconds. The figures report the actual time. */
const MAX_SILENCE_MS = 60_000;

/**
 * Applies faults to the instance that holds the writer lease, one after the other. Meanwhile the
 * others must always acknowledge, and readers must soon receive new events again.
 */
export const runHolder: RunScenario = (context) => {
  const { options, run, findings } = context;
  return runUnderFaults(context, ({ cluster, counts, durationMs }) => {
    const names = cluster.nodes.map(({ server }) => server.name);
    const lease = watchLease(run, names);
    const live = cluster.nodes.map(() => createPauses());
    watchLive(run, cluster, live);
    for (const count of counts) {
      count.onStored = () => {
        for (const pauses of live) pauses.expect();
      };
    }
    const pausesOf = counts.map(({ pauses }, server) => [pauses, live[server] as Pauses]);
    const { seed } = options;
    const faults = applyHolderFaults(cluster, { lease, pausesOf, seed, durationMs });
    return {
      ...faults,
      figures() {
        const ackPauseMs = counts.map(({ pauses }) => round(pauses.longestMs()));
        const livePauseMs = live.map((pauses) => round(pauses.longestMs()));
        for (const [index, name] of names.entries()) {
          const [ackMs = 0, liveMs = 0] = [ackPauseMs[index], livePauseMs[index]];
          const tooLong = (what: string, ms: number) => {
            if (ms > MAX_SILENCE_MS) findings.add('wrong', `${name} ${what} nothing for ${ms} ms`);
          };
          tooLong('acknowledged', ackMs);
          tooLong('delivered', liveMs);
        }
        return { ...faults.figures(), ackPauseMs, livePauseMs };
      },
    };
  });
};
