import { expect, test } from 'vitest';
import { stepCommit } from '../../../src/log/append/commit-step.ts';
import { stepInbox } from '../../../src/log/append/inbox-step.ts';
import { stepMove } from '../../../src/log/append/move-step.ts';
import { stepLease } from '../../../src/log/append/writer-lease-step.ts';
import { canonicalKey } from './canonical-key.ts';
import { localStep, withoutUnused } from './reduce.ts';
import { type State, startState } from './state.ts';
import { type Bounds, type Decisions, successors } from './steps.ts';

const real: Decisions = { stepLease, stepCommit, stepInbox, stepMove };
const calm: Bounds = { failovers: 0, lostAnswers: 0, takes: 0 };

const scopes: [string, string[][], Bounds][] = [
  ['three writers with an event each', [['a'], ['b'], ['c']], calm],
  ['one event at two writers, and a take-over', [['a'], ['a']], { ...calm, takes: 1 }],
  ['two writers, and two elections', [['a'], ['b']], { ...calm, failovers: 2 }],
];

/** Every state, without the reduction. */
function statesOf(start: State, bounds: Bounds): State[] {
  const known = new Set([canonicalKey(start)]);
  const states = [start];
  for (const state of states) {
    for (const next of successors(state, real, bounds)) {
      const key = canonicalKey(next);
      if (known.has(key)) continue;
      known.add(key);
      states.push(next);
    }
  }
  return states;
}

test.each(scopes)(
  '%s: what is dropped changes nothing that follows',
  (_name, deliveries, bounds) => {
    const keyOf = (state: State) => canonicalKey(withoutUnused(state, bounds));
    const after = (state: State) => successors(state, real, bounds);
    for (const state of statesOf(startState(deliveries), bounds)) {
      const own = keyOf(state);
      const keysAfter = (states: readonly State[]) =>
        [...new Set(states.flatMap(after).map(keyOf))].filter((key) => key !== own);
      const kept = keysAfter([withoutUnused(state, bounds)]);
      expect(keysAfter([state]).filter((key) => !kept.includes(key))).toEqual([]);
      // Perhaps after steps that change nothing but what is dropped.
      const equal = new Map([[canonicalKey(state), state]]);
      for (const one of equal.values()) {
        for (const next of after(one)) if (keyOf(next) === own) equal.set(canonicalKey(next), next);
      }
      const possible = keysAfter([...equal.values()]);
      expect(kept.filter((key) => !possible.includes(key))).toEqual([]);
    }
  },
);

test.each(scopes)(
  '%s: a local step commutes with every other step',
  (_name, deliveries, bounds) => {
    const keyOf = (state: State) => canonicalKey(withoutUnused(state, bounds));
    const within = (state: State) => [keyOf(state), ...successors(state, real, bounds).map(keyOf)];
    let steps = 0;
    for (const one of statesOf(startState(deliveries), bounds)) {
      const state = withoutUnused(one, bounds);
      const local = localStep(state, real, bounds);
      if (local === undefined) continue;
      steps += 1;
      const after = new Set(within(local));
      for (const other of successors(state, real, bounds)) {
        expect(within(other).some((key) => after.has(key))).toBe(true);
      }
    }
    expect(steps).toBeGreaterThan(0);
  },
);
