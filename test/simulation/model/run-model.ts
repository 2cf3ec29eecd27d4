import { stepCommit } from '../../../src/log/append/commit-step.ts';
import { stepInbox } from '../../../src/log/append/inbox-step.ts';
import { stepMove } from '../../../src/log/append/move-step.ts';
import { stepLease } from '../../../src/log/append/writer-lease-step.ts';
import { search } from './search.ts';
import { startState } from './state.ts';
import type { Bounds } from './steps.ts';

/** The writers with their events, and what may happen to them. */
export interface Scope {
  deliveries: readonly string[][];
  bounds: Bounds;
}

const none = { failovers: 0, lostAnswers: 0, takes: 0 };

/** The largest that end within some minutes. */
export const largestScopes: readonly Scope[] = [
  { deliveries: [['a', 'b'], ['c'], ['d']], bounds: { ...none, failovers: 2 } },
  { deliveries: [['a'], ['b']], bounds: { ...none, failovers: 1, takes: 1 } },
];

/**
 * Visits every state of each scope, reduced.
 *
 * @returns true if no rule is broken and every state leads to the end
 */
export function runModel(scopes: readonly Scope[], print: (text: string) => void): boolean {
  return scopes.map((scope) => visit(scope, print)).every((isRight) => isRight);
}

function visit({ deliveries, bounds }: Scope, print: (text: string) => void): boolean {
  const startedMs = performance.now();
  const decisions = { stepLease, stepCommit, stepInbox, stepMove };
  const found = search(startState(deliveries), decisions, bounds, true);
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const rssMiB = Math.round(process.resourceUsage().maxRSS / 1_024);
  print(JSON.stringify({ deliveries, ...bounds, ...found, seconds, rssMiB }));
  return found.broken === undefined && found.stuck === 0;
}
