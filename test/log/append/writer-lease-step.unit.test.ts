import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isHeld,
  type LeaseAction,
  type LeaseOutcome,
  type LeaseSeen,
  type LeaseState,
  leaseTimes,
  stepLease,
} from '../../../src/log/append/writer-lease-step.ts';

/**
 * The lease document, changed by one compare-and-set after the other; `lost` answers stay unclear.
 */
function createDatabase() {
  let document: LeaseSeen | null = null;
  let taken = 0;
  /** Never repeats, like a random counter. */
  const anyCounter = () => {
    taken += 1_000_000;
    return taken;
  };
  return {
    document: () => document,
    destroy(next: LeaseSeen | null) {
      document = next?.holder ? { ...next, counter: anyCounter() } : next;
    },
    carryOut(self: string, action: LeaseAction): LeaseOutcome {
      const written = { kind: 'written' } as const;
      const { holder = null, counter = null } = document ?? {};
      switch (action.kind) {
        case 'read':
          return { kind: 'read', document };
        case 'create':
          if (document !== null) return { kind: 'lost' };
          document = { holder: self, counter: anyCounter() };
          return written;
        case 'take':
          if (holder !== action.from.holder || counter !== (action.from.counter ?? null)) {
            return { kind: 'lost' };
          }
          document = { holder: self, counter: anyCounter() };
          return written;
        case 'renew':
          if (holder !== self) return { kind: 'lost' };
          document = { holder: self, counter: Number(counter) + 1 };
          return written;
      }
    },
  };
}

interface Instance {
  self: string;
  state: LeaseState;
  action: LeaseAction;
  /** When it performs its action. */
  dueMs: number;
}

const start = (self: string): Instance => ({
  self,
  state: { phase: 'watching', sinceMs: 0 },
  action: { kind: 'read', afterMs: 0 },
  dueMs: 0,
});

/** Runs an instance's next step; request and answer take `tookMs` each. */
function turn(
  instance: Instance,
  database: ReturnType<typeof createDatabase>,
  { tookMs, isAnswered }: { tookMs: number; isAnswered: boolean },
): void {
  const sentMs = instance.dueMs;
  const answer = database.carryOut(instance.self, instance.action);
  const outcome: LeaseOutcome = isAnswered ? answer : { kind: 'unclear' };
  const nowMs = sentMs + 2 * tookMs;
  const next = stepLease(instance.state, outcome, {
    self: instance.self,
    times: leaseTimes,
    ...{ sentMs, nowMs, isWaiting: false, isSole: false },
  });
  Object.assign(instance, next);
  instance.dueMs = nowMs + ('afterMs' in next.action ? next.action.afterMs : 0);
}

const events = fc.array(
  fc.record({
    tookMs: fc.integer({ min: 1, max: 400 }),
    /** A stopped process, or a late timer. */
    pausedMs: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 12_000 }) },
    ),
    isAnswered: fc.boolean(),
    destroyed: fc.oneof(
      { weight: 20, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<LeaseSeen | null>(null, { holder: 'thief' }, { holder: null }),
      },
    ),
  }),
  { minLength: 20, maxLength: 150 },
);

test('a lease is only taken over after its timeout, and its former holder notices', () => {
  fc.assert(
    fc.property(events, (all) => {
      const database = createDatabase();
      const instances = ['a', 'b', 'c'].map(start);
      let changedMs = 0;
      for (const { tookMs, pausedMs, isAnswered, destroyed } of all) {
        const next = instances.reduce((one, other) => (other.dueMs < one.dueMs ? other : one));
        next.dueMs += pausedMs;
        // Instances run in order of time; a paused one runs later.
        if (pausedMs > 0) continue;
        if (destroyed !== undefined) {
          database.destroy(destroyed);
          changedMs = next.dueMs;
        }
        const { action, dueMs } = next;
        const before = database.document();
        turn(next, database, { tookMs, isAnswered });
        const after = database.document();
        if (after !== before) {
          if (action.kind === 'take' && action.reason === 'expired') {
            expect(dueMs - changedMs).toBeGreaterThanOrEqual(leaseTimes.takeOverMs);
          }
          changedMs = dueMs;
        }
        const isHolding = next.state.phase === 'holding';
        if (isHolding && isAnswered) expect(after?.holder).toBe(next.self);
      }
    }),
    { numRuns: 300 },
  );
});

test('an instance soon holds the lease after the others stopped or the document was destroyed', () => {
  fc.assert(
    fc.property(events, (all) => {
      const database = createDatabase();
      const instances = ['a', 'b', 'c'].map(start);
      for (const { tookMs, isAnswered, destroyed } of all) {
        const next = instances.reduce((one, other) => (other.dueMs < one.dueMs ? other : one));
        if (destroyed !== undefined) database.destroy(destroyed);
        turn(next, database, { tookMs, isAnswered });
      }
      // One instance is left, with a database that answers.
      const [last] = instances as [Instance];
      const fromMs = last.dueMs;
      while (!isHeld(last.state, last.dueMs, leaseTimes)) {
        turn(last, database, { tookMs: 1, isAnswered: true });
        expect(last.dueMs - fromMs).toBeLessThan(2 * leaseTimes.takeOverMs);
      }
    }),
    { numRuns: 300 },
  );
});

test('a free lease, or an abandoned one where no other instance can run, is taken at once', () => {
  const context = {
    ...{ self: 'a', times: leaseTimes, sentMs: 5, nowMs: 6 },
    ...{ isWaiting: false, isSole: false },
  };
  const watching = { phase: 'watching', sinceMs: 0 } as const;
  const read = (document: LeaseSeen | null, isSole = false) =>
    stepLease(watching, { kind: 'read', document }, { ...context, isSole }).action;
  expect(read(null)).toEqual({ kind: 'create' });
  const free = { holder: null, counter: 3 };
  expect(read(free)).toEqual({ kind: 'take', from: free, reason: 'free' });
  const left = { holder: 'b', counter: 3 };
  expect(read(left)).toEqual({ kind: 'read', afterMs: leaseTimes.readMs });
  expect(read(left, true)).toEqual({ kind: 'take', from: left, reason: 'expired' });
});
