import { type CommitOutcome, startCommit } from '../../../src/log/append/commit-step.ts';
import type { InsertOutcome } from '../../../src/log/append/insert-batch.ts';
import { headOf, latest, type Op } from './database.ts';
import type { Append, Pending, State, Writer } from './state.ts';
import type { WriterStep } from './steps.ts';
import { acknowledge, withOps, withoutWork, withWriter } from './with-writer.ts';

/** How many events one batch has at most. */
const BATCH = 2;

/** The commit of a batch to the log, as `commit-batch.ts` carries it out. */
export function stepsOfAppend(step: WriterStep): State[] {
  const { writer } = step;
  if (writer.work === undefined) return begin(step);
  if (writer.work.kind !== 'append') return [];
  const { work } = writer;
  if (work.sent) return answer(step, work);
  const carried: Record<Append['action']['kind'], () => State[]> = {
    insert: () => insert(step, work),
    resolve: () => resolve(step, work),
    // These two wait for nothing: see `decide`.
    pause: () => [],
    'give-back': () => [],
  };
  return carried[work.action.kind]();
}

function begin(step: WriterStep): State[] {
  const { writer } = step;
  const isHolder = writer.lease.phase === 'holding';
  const wanted = writer.queue.filter(({ isEntry }) => isHolder && (isEntry || writer.isCaughtUp));
  const rest = wanted.slice(0, BATCH);
  if (rest.length === 0) return release(step);
  const size = rest.length;
  const work: Append = { kind: 'append', rest, size, state: startCommit(size), action: insertNext };
  const queue = writer.queue.filter((one) => !rest.includes(one));
  return [withWriter(step, { ...writer, queue, work })];
}

const insertNext = { kind: 'insert' } as const;

/** Without the lease, entries stay in the inbox. */
function release(step: WriterStep): State[] {
  const { writer } = step;
  if (!writer.queue.some(({ isEntry }) => isEntry)) return [];
  let next = withWriter(step, { ...writer, queue: writer.queue.filter((one) => !one.isEntry) });
  for (const { event, isEntry } of writer.queue)
    if (isEntry) next = moved({ ...step, state: next }, event, 'open');
  return [next];
}

function insert(step: WriterStep, work: Append): State[] {
  const { state, writer } = step;
  if (writer.lease.phase !== 'holding') return [withWriter(step, withoutWork(writer, work.rest))];
  const head = work.state.head ?? headOf(state.database.durable);
  const { log } = latest(state.database);
  const events = work.rest.slice(0, work.state.width);
  const ops: Op[] = [];
  let outcome: InsertOutcome = { kind: 'all' };
  for (const [index, { event }] of events.entries()) {
    const position = head + 1 + index;
    if (log.includes(event)) outcome = { kind: 'repeat', stored: index };
    else if ((log[position] ?? null) !== null) outcome = { kind: 'race-lost', stored: index };
    if (outcome.kind !== 'all') break;
    ops.push({ kind: 'log', position, event });
  }
  const database = withOps(state.database, ops);
  const sent = {
    ...{ isDurable: database.ops.length === 0, isCut: false, first: head + 1 },
    ...{ events: events.length, outcome },
  };
  const known = { ...work.state, head, isSure: true };
  return [withWriter(step, { ...writer, work: { ...work, state: known, sent } }, { database })];
}

function answer(step: WriterStep, work: Append): State[] {
  const { state, bounds } = step;
  const {
    isDurable,
    isCut,
    first,
    events: sent,
    outcome,
  } = work.sent as NonNullable<Append['sent']>;
  const { sent: _, ...waiting } = work;
  const unclear = { kind: 'unclear', error: undefined } as const;
  const settle = (given: InsertOutcome, from = state) =>
    decide({ ...step, state: from }, waiting, { kind: 'inserted', first, sent, outcome: given });
  if (isCut) return [settle(unclear)];
  const lost = { ...state, lostAnswers: state.lostAnswers + 1 };
  return [
    ...(isDurable ? [settle(outcome)] : []),
    ...(state.lostAnswers < bounds.lostAnswers ? [settle(unclear, lost)] : []),
  ];
}

function resolve(step: WriterStep, work: Append): State[] {
  const { log } = step.state.database.durable;
  const found = work.rest.filter(({ event }) => log.includes(event));
  let { state } = step;
  for (const one of found) state = settleOne({ ...step, state }, one, log.indexOf(one.event));
  const rest = work.rest.filter((one) => !found.includes(one));
  const mustPause = work.action.kind === 'resolve' && work.action.mustPause;
  const outcome = { kind: 'resolved', settled: found.length, mustPause } as const;
  return [decide({ ...step, state }, { ...work, rest }, outcome)];
}

function decide(step: WriterStep, work: Append, outcome: CommitOutcome): State {
  const next = step.decisions.stepCommit(work.state, outcome, work.size);
  let { state } = step;
  if (outcome.kind === 'inserted') {
    for (const [index, one] of work.rest.slice(0, next.stored).entries()) {
      state = settleOne({ ...step, state }, one, outcome.first + index);
    }
  }
  const rest = work.rest.slice(next.stored);
  const writer = state.writers[step.index] as Writer;
  const given = { ...step, state };
  if (rest.length === 0) return withWriter(given, withoutWork(writer));
  if (next.action.kind === 'give-back') return withWriter(given, withoutWork(writer, rest));
  const { state: commit, action } = next;
  const plain = action.kind === 'pause' ? insertNext : action;
  const after = { ...work, rest, state: { ...commit, pauseMs: 0 }, action: plain };
  return withWriter(given, { ...writer, work: after });
}

function settleOne(step: WriterStep, { event, isEntry }: Pending, position: number): State {
  if (isEntry) return moved(step, event, 'in-log');
  return acknowledge(step.state, event, position);
}

function moved(step: WriterStep, event: string, outcome: 'in-log' | 'open'): State {
  const writer = step.state.writers[step.index] as Writer;
  const action = step.decisions.stepMove(outcome);
  const moving = writer.moving.filter((one) => one !== event);
  const isDeleted = action.kind === 'delete';
  const done = isDeleted ? [...writer.moved, event] : writer.moved;
  return withWriter(step, { ...writer, moving, moved: done });
}
