import {
  type LeaseAction,
  type LeaseOutcome,
  leaseTimes,
} from '../../../src/log/append/writer-lease-step.ts';
import { latest, type Op } from './database.ts';
import type { State, Writer } from './state.ts';
import type { WriterStep } from './steps.ts';
import { withOps, withWriter } from './with-writer.ts';

/** More attempts than any of these need; without this a decision that repeats itself never ends. */
const MAX_ATTEMPTS = 6;

/**
 * A renewal by the holder, or a look by another instance and what follows from it at once. Any lease
 * may seem to have expired: the rules must hold whatever the clocks say.
 */
export function stepsOfLease(step: WriterStep): State[] {
  const { writer, state } = step;
  if (writer.lease.phase === 'holding') return [attempt(step, { kind: 'renew', afterMs: 0 })];
  const isFree = state.database.durable.lease === null;
  if (!isFree && state.takes >= step.bounds.takes) return regain(step);
  return [attempt(step, { kind: 'read', afterMs: 0 })];
}

/** Its own lease is the only one that is left for it to find. */
function regain(step: WriterStep): State[] {
  const isOwn = step.state.database.durable.lease?.holder === nameOf(step.index);
  return isOwn ? [attempt(step, { kind: 'read', afterMs: 0 })] : [];
}

function attempt(step: WriterStep, first: LeaseAction): State {
  let { lease }: Pick<Writer, 'lease'> = step.writer;
  let { database, takes } = step.state;
  let action = first;
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
    const { outcome, op } = carryOut(action, { ...step.state, database }, nameOf(step.index));
    if (op) database = withOps(database, [op]);
    if (op && action.kind === 'take') takes += 1;
    // Each look comes long after the one before it.
    const nowMs = attempts * leaseTimes.takeOverMs;
    const next = step.decisions.stepLease(lease, outcome, {
      ...{ self: nameOf(step.index), times: leaseTimes, sentMs: nowMs, nowMs },
      ...{ isWaiting: false, isSole: false },
    });
    ({ state: lease, action } = next);
    if (lease.phase === 'holding' || action.kind === 'renew' || outcome.kind === 'lost') break;
  }
  // A renewal by the holder changes nothing.
  if (step.writer.lease.phase === 'holding' && lease.phase === 'holding') return step.state;
  return withWriter(step, changed(step.writer, lease, action), { database, takes });
}

function carryOut(
  action: LeaseAction,
  { database }: State,
  self: string,
): { outcome: LeaseOutcome; op?: Op } {
  const { lease } = latest(database);
  const op = (counter: number): Op => ({ kind: 'lease', holder: self, counter });
  switch (action.kind) {
    case 'read':
      return { outcome: { kind: 'read', document: database.durable.lease } };
    case 'create':
      return lease === null
        ? { outcome: { kind: 'written' }, op: op(0) }
        : { outcome: { kind: 'lost' } };
    case 'take': {
      const { holder, counter = 0 } = action.from;
      const isSame = lease?.holder === holder && lease?.counter === counter;
      return isSame
        ? { outcome: { kind: 'written' }, op: op(counter + 1) }
        : { outcome: { kind: 'lost' } };
    }
    case 'renew':
      return { outcome: { kind: lease?.holder === self ? 'written' : 'lost' } };
  }
}

function changed(writer: Writer, lease: Writer['lease'], action: LeaseAction): Writer {
  const isHolder = lease.phase === 'holding' || action.kind === 'renew';
  if (isHolder) return { ...writer, lease: { phase: 'holding', confirmedMs: 0 } };
  // What it has seen counts from its next look on: states that differ in nothing else are one.
  const watching = { ...writer, lease: { phase: 'watching', sinceMs: 0 } } as const;
  return { ...watching, isCaughtUp: false, moving: [], moved: [] };
}

const nameOf = (index: number) => `w${index}`;
