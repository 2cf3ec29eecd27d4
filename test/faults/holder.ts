import { round } from './figures.ts';
import { applyHolderFaults } from './holder-faults.ts';
import { createPauses, type Pauses } from './pauses.ts';
import type { RunScenario } from './scenario.ts';
import type { Readers } from './start-readers.ts';
import { runUnderFaults } from './under-faults.ts';
import { watchLease } from './watch-lease.ts';

/** Generous: a busy machine may stop everything for seconds. The figures report the actual time. */
const MAX_SILENCE_MS = 60_000;

/**
 * Applies faults to the instance that holds the writer lease, one after the other. Meanwhile the
 * others must always acknowledge, and readers must soon receive new events again.
 */
export const runHolder: RunScenario = (context) => {
  const { options, run, findings } = context;
  return runUnderFaults(context, ({ cluster, counts, readers, durationMs }) => {
    const names = cluster.nodes.map(({ server }) => server.name);
    const lease = watchLease(run, names);
    const { seed } = options;
    const faults = applyHolderFaults(cluster, { lease, counts, seed, durationMs });
    const live = watchNewEvents(readers);
    return {
      ...faults,
      figures() {
        const ackPauseMs = counts.map(({ pauses }) => round(pauses.longestMs()));
        const livePauseMs = round(live.longestMs());
        for (const [index, ms] of [...ackPauseMs, livePauseMs].entries()) {
          const what = names[index] ? `${names[index]} acknowledged` : 'the readers got';
          if (ms > MAX_SILENCE_MS) findings.add('wrong', `${what} nothing for ${ms} ms`);
        }
        return { ...faults.figures(), ackPauseMs, livePauseMs };
      },
    };
  });
};

/** Measures the pauses between events that reach their first reader. */
function watchNewEvents({ all }: Readers): Pauses {
  const pauses = createPauses();
  let newest = -1;
  for (const reader of all) {
    reader.onEvent = () => {
      // Events are numbered in the order in which the first reader receives them.
      const number = reader.received.at(-1) ?? -1;
      if (number <= newest) return;
      newest = number;
      pauses.mark();
    };
  }
  return pauses;
}
