import { expect, test } from 'vitest';
import { stepCommit } from '../../../src/log/append/commit-step.ts';
import { stepInbox } from '../../../src/log/append/inbox-step.ts';
import { stepMove } from '../../../src/log/append/move-step.ts';
import { stepLease } from '../../../src/log/append/writer-lease-step.ts';
import { search } from './search.ts';
import { startState } from './state.ts';
import type { Bounds, Decisions } from './steps.ts';

const real: Decisions = { stepLease, stepCommit, stepInbox, stepMove };
const calm: Bounds = { failovers: 0, lostAnswers: 0, takes: 0 };

test.each([
  ['three writers with an event each', [['a'], ['b'], ['c']], calm, 1_555, 132],
  [
    'one event at two writers, and a take-over',
    [['a'], ['a']],
    { ...calm, takes: 1 },
    3_921,
    1_888,
  ],
  ['two writers, and two elections', [['a'], ['b']], { ...calm, failovers: 2 }, 2_206, 771],
])('%s: no order of steps breaks a rule or hangs', (_name, deliveries, bounds, states, reduced) => {
  const start = startState(deliveries);
  const found = { broken: undefined, stuck: 0 };
  expect(search(start, real, bounds)).toEqual({ ...found, states });
  expect(search(start, real, bounds, true)).toEqual({ ...found, states: reduced });
});

test.each<[string, Partial<Decisions>, Bounds]>([
  [
    'an entry that was not moved is deleted',
    { stepMove: () => ({ kind: 'delete', afterMs: 0 }) },
    { ...calm, takes: 1 },
  ],
  [
    'an unclear answer of the inbox counts as stored',
    {
      stepInbox: (state, outcome, sizes) =>
        outcome.kind === 'unclear'
          ? stepInbox(state, { kind: 'answered', duplicates: new Set(), refused: new Map() }, sizes)
          : stepInbox(state, outcome, sizes),
    },
    { ...calm, failovers: 1 },
  ],
  [
    'an unclear answer of the log counts as stored',
    {
      stepCommit: (state, outcome, batch) =>
        outcome.kind === 'inserted' && outcome.outcome.kind === 'unclear'
          ? stepCommit(state, { ...outcome, outcome: { kind: 'all' } }, batch)
          : stepCommit(state, outcome, batch),
    },
    { ...calm, failovers: 1 },
  ],
])('planted: %s', (_name, planted, bounds) => {
  for (const isReduced of [false, true]) {
    const start = startState([['a'], ['b']]);
    const { broken } = search(start, { ...real, ...planted }, bounds, isReduced);
    expect(broken?.rule).toMatch(/^acknowledged means stored/);
  }
});
