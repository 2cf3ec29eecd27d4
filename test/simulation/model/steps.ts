import type { stepCommit } from '../../../src/log/append/commit-step.ts';
import type { stepInbox } from '../../../src/log/append/inbox-step.ts';
import type { stepMove } from '../../../src/log/append/move-step.ts';
import type { stepLease } from '../../../src/log/append/writer-lease-step.ts';
import { stepsOfAccept } from './accept-steps.ts';
import { stepsOfAppend } from './append-steps.ts';
import { latest } from './database.ts';
import { stepsOfLease } from './lease-steps.ts';
import { stepsOfMover } from './mover-steps.ts';
import type { Sent, State, Writer } from './state.ts';

/** The decisions of the code under test. */
export interface Decisions {
  stepLease: typeof stepLease;
  stepCommit: typeof stepCommit;
  stepInbox: typeof stepInbox;
  stepMove: typeof stepMove;
}

export interface Bounds {
  failovers: number;
  /** Answers that are lost although the write was applied. */
  lostAnswers: number;
  /** How often the lease is taken from another instance. */
  takes: number;
}

/** What one instance does next, in one of the ways that are possible. */
export interface WriterStep {
  state: State;
  decisions: Decisions;
  bounds: Bounds;
  /** Which of the writers. */
  index: number;
  writer: Writer;
}

/** A sentence that a step has broken. */
export class BrokenRule extends Error {}

/** Every state that may follow. */
export function successors(state: State, decisions: Decisions, bounds: Bounds): State[] {
  const given = (writer: Writer, index: number) => ({ state, decisions, bounds, index, writer });
  return [
    ...replicate(state),
    ...failOver(state, bounds),
    ...state.writers.flatMap((writer, index) => [
      ...stepsOfLease(given(writer, index)),
      ...stepsOfMover(given(writer, index)),
      ...stepsOfAppend(given(writer, index)),
      ...stepsOfAccept(given(writer, index)),
    ]),
  ];
}

/** A majority has everything now. That it has a part is what an election leaves. */
function replicate(state: State): State[] {
  if (state.database.ops.length === 0) return [];
  const durable = latest(state.database);
  const writers = state.writers.map((writer) => withSent(writer, { isDurable: true }));
  return [{ ...state, database: { durable, ops: [] }, writers }];
}

/** Another member becomes primary: it has everything durable and the first of the other writes. */
function failOver(state: State, bounds: Bounds): State[] {
  const { failovers, database, writers } = state;
  if (failovers >= bounds.failovers) return [];
  return Array.from({ length: database.ops.length + 1 }, (_, kept) => ({
    ...state,
    failovers: failovers + 1,
    database: { ...database, ops: database.ops.slice(0, kept) },
    writers: writers.map((writer) => withSent(writer, { isCut: true })),
  }));
}

function withSent(writer: Writer, change: Partial<Sent>): Writer {
  const { work } = writer;
  if (work?.sent === undefined) return writer;
  return { ...writer, work: { ...work, sent: { ...work.sent, ...change } } as never };
}
