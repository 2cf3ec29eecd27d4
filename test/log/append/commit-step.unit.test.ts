import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CommitAction,
  type CommitOutcome,
  type CommitState,
  LONGEST_PAUSE_MS,
  startCommit,
  stepCommit,
} from '../../../src/log/append/commit-step.ts';
import type { InsertOutcome } from '../../../src/log/append/insert-batch.ts';

const POISON = 'poison';

/** A log with unique positions and ids that behaves like an ordered insert. */
function createLog(ids: readonly string[]) {
  const stored = [...ids];
  return {
    stored,
    /** The head that a reader finds. */
    head: () => stored.length,
    /** Another writer takes the next position. */
    race: (id: string) => stored.push(id),
    insert(ids: readonly string[], first: number): InsertOutcome {
      const error = new Error('refused');
      for (const [index, id] of ids.entries()) {
        // The driver refuses the whole message; the server refuses one document.
        if (index === 0 && ids.includes(POISON)) return { kind: 'refused', stored: 0, error };
        if (first + index <= stored.length) return { kind: 'race-lost', stored: index };
        if (stored.includes(id)) return { kind: 'repeat', stored: index };
        stored.push(id);
      }
      return { kind: 'all' };
    },
  };
}

const run = fc.record({
  /** Few ids, so that some are already in the log, or arrive there during the batch. */
  batch: fc.uniqueArray(fc.oneof(fc.constant(POISON), fc.nat(30).map(String)), {
    minLength: 1,
    maxLength: 12,
  }),
  before: fc.uniqueArray(fc.nat(30).map(String), { maxLength: 8 }),
  /** Faults of the next steps; afterwards all steps succeed. */
  faults: fc.array(
    fc.constantFrom('none', 'race', 'answer-lost', 'not-sent', 'look-up-failed', 'not-durable'),
    { maxLength: 30 },
  ),
});

test('each event of a batch is settled once, at its position, despite faults', () => {
  fc.assert(
    fc.property(run, ({ batch, before, faults }) => {
      const log = createLog(before);
      let rest = [...batch];
      const settled = new Map<string, number | 'refused'>();
      const settle = (id: string, as: number | 'refused') => {
        expect(settled.has(id)).toBe(false);
        settled.set(id, as);
      };
      let state: CommitState = startCommit(batch.length);
      let action: CommitAction = { kind: 'insert' };
      let others = 0;
      for (let steps = 0; rest.length > 0; steps += 1) {
        expect(steps).toBeLessThan(faults.length + 10 * batch.length + 10);
        const fault = faults[steps] ?? 'none';
        let outcome: CommitOutcome = { kind: 'failed' };
        let sent: string[] = [];
        let first = 0;
        if (action.kind === 'give-back') {
          // The next batch starts from the head that was found.
          state = { ...startCommit(rest.length), head: log.head() };
          action = { kind: 'insert' };
          continue;
        }
        if (action.kind === 'pause') {
          expect(action.ms).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
          action = { kind: 'insert' };
          continue;
        }
        if (fault === 'look-up-failed') {
          outcome = { kind: 'failed' };
        } else if (action.kind === 'resolve') {
          const found = rest.filter((id) => fault !== 'not-durable' && log.stored.includes(id));
          for (const id of found) settle(id, log.stored.indexOf(id) + 1);
          rest = rest.filter((id) => !found.includes(id));
          const { mustPause } = action;
          outcome = { kind: 'resolved', settled: found.length, mustPause };
        } else {
          first = (state.head ?? log.head()) + 1;
          if (fault === 'race') log.race(`other-${others++}`);
          expect(state.width).toBeGreaterThan(0);
          sent = rest.slice(0, state.width);
          const error = new Error('unclear');
          const answer =
            fault === 'not-sent' ? ({ kind: 'unclear', error } as const) : log.insert(sent, first);
          const isLost = fault === 'answer-lost';
          outcome = {
            ...{ kind: 'inserted', first, sent: sent.length },
            outcome: isLost ? { kind: 'unclear', error } : answer,
          };
        }
        const next = stepCommit(state, outcome, batch.length);
        for (const [index, id] of rest.slice(0, next.stored).entries()) settle(id, first + index);
        rest = rest.slice(next.stored);
        if (next.isRefused) {
          expect(rest[0]).toBe(POISON);
          settle(POISON, 'refused');
          rest = rest.slice(1);
        }
        ({ state, action } = next);
      }
      expect([...settled.keys()].sort()).toEqual([...batch].sort());
      for (const [id, as] of settled) {
        if (as !== 'refused') expect(log.stored[as - 1]).toBe(id);
      }
      expect(new Set(log.stored).size).toBe(log.stored.length);
    }),
    { numRuns: 300 },
  );
});
