import { applyFaults } from './apply-faults.ts';
import { planFaults } from './fault-plan.ts';
import type { RunScenario } from './scenario.ts';
import { runUnderFaults } from './under-faults.ts';

/** Applies random faults of every kind to the servers, the database and the network. */
export const runMixed: RunScenario = (context) =>
  runUnderFaults(context, ({ cluster, durationMs }) => {
    const { seed, faults: count, servers } = context.options;
    return applyFaults(cluster, planFaults({ seed, durationMs, count, servers }), seed);
  });
