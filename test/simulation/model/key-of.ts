import type { Op } from './database.ts';
import type { Pending, State, Writer } from './state.ts';

/** A text that two states have in common only when they are the same. */
export function keyOf(state: State): string {
  const { database, writers, told, failovers, lostAnswers, takes } = state;
  const { log, inbox, lease } = database.durable;
  return JSON.stringify([
    ...[log, inbox, lease && [lease.holder, lease.counter], database.ops.map(ofOp)],
    ...[writers.map(ofWriter), Object.entries(told).sort(), failovers, lostAnswers, takes],
  ]);
}

function ofOp(op: Op): unknown {
  if (op.kind === 'lease') return [op.holder, op.counter];
  return op.kind === 'log' ? [op.position, op.event] : [op.kind, op.event];
}

function ofWriter({ lease, isCaughtUp, queue, work, moving, moved }: Writer): unknown {
  const common = [lease.phase === 'holding', isCaughtUp, ofPending(queue), moving, moved];
  if (work === undefined) return common;
  const { kind, rest, size, state, sent } = work;
  const delivery = sent && [sent.isDurable, sent.isCut];
  if (work.kind === 'accept') {
    const { hasLooked, isSlow } = work;
    const duplicates = work.sent?.duplicates;
    return [
      ...common,
      kind,
      ofPending(rest),
      size,
      state.width,
      hasLooked,
      isSlow,
      delivery,
      duplicates,
    ];
  }
  const { head, isSure, width } = work.state;
  const insert = work.sent && [work.sent.first, work.sent.events, Object.values(work.sent.outcome)];
  const action = [work.action.kind, 'mustPause' in work.action && work.action.mustPause];
  return [...common, kind, ofPending(rest), size, head, isSure, width, action, delivery, insert];
}

const ofPending = (pending: readonly Pending[]) =>
  pending.map(({ event, isEntry }) => (isEntry ? `+${event}` : event));
