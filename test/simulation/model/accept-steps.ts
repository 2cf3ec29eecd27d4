import { KEEP_MOVED_MS, startInbox } from '../../../src/log/append/inbox-step.ts';
import { latest, type Op } from './database.ts';
import type { Accept, Pending, State, Writer } from './state.ts';
import type { WriterStep } from './steps.ts';
import { acknowledge, mayAppend, withOps, withoutWork, withWriter } from './with-writer.ts';

/** The way of deliveries into the inbox, as `commit-to-inbox.ts` carries it out. */
export function stepsOfAccept(step: WriterStep): State[] {
  const { writer } = step;
  if (writer.work === undefined) return begin(step);
  if (writer.work.kind !== 'accept') return [];
  const { work } = writer;
  if (work.sent) return answer(step, work);
  return [work.hasLooked ? insert(step, work) : look(step, work)];
}

function begin(step: WriterStep): State[] {
  const { writer } = step;
  const rest = writer.queue.filter(({ isEntry }) => !isEntry);
  if (rest.length === 0 || mayAppend(writer)) return [];
  const size = rest.length;
  const state = startInbox(size);
  const work: Accept = { kind: 'accept', rest, size, state, hasLooked: false, isSlow: false };
  return [withWriter(step, { ...writer, queue: writer.queue.filter((one) => one.isEntry), work })];
}

function look(step: WriterStep, work: Accept): State {
  const { state, rest } = answerStored(step.state, work.rest);
  const writer = state.writers[step.index] as Writer;
  if (rest.length === 0) return withWriter({ ...step, state }, withoutWork(writer));
  const after = { ...work, rest, hasLooked: true, isSlow: false };
  return withWriter({ ...step, state }, { ...writer, work: after });
}

function insert(step: WriterStep, work: Accept): State {
  const { state, writer } = step;
  const { inbox } = latest(state.database);
  const isHeld = work.rest.map(({ event }) => inbox.includes(event));
  const duplicates = work.rest.flatMap((_, index) => (isHeld[index] ? index : []));
  const ops = work.rest
    .filter((_, index) => !isHeld[index])
    .map(({ event }): Op => ({ kind: 'in', event }));
  const database = withOps(state.database, ops);
  const sent = { isDurable: database.ops.length === 0, isCut: false, duplicates };
  return withWriter(step, { ...writer, work: { ...work, sent } }, { database });
}

function answer(step: WriterStep, work: Accept): State[] {
  const { state, bounds } = step;
  const { isDurable, isCut, duplicates } = work.sent as NonNullable<Accept['sent']>;
  const answered = {
    kind: 'answered',
    duplicates: new Set(duplicates),
    refused: new Map(),
  } as const;
  const unclear = { kind: 'unclear', error: undefined } as const;
  if (isCut) return [decide(step, work, unclear)];
  const lost = { ...state, lostAnswers: state.lostAnswers + 1 };
  return [
    ...(isDurable ? [decide(step, work, answered)] : []),
    ...(state.lostAnswers < bounds.lostAnswers
      ? [decide({ ...step, state: lost }, work, unclear)]
      : []),
  ];
}

function decide(
  step: WriterStep,
  work: Accept,
  outcome: Parameters<WriterStep['decisions']['stepInbox']>[1],
): State {
  const tookMs = work.isSlow ? KEEP_MOVED_MS : 0;
  const sizes = { sent: work.rest.length, batch: work.size, tookMs };
  const next = step.decisions.stepInbox(work.state, outcome, sizes);
  let { state } = step;
  let stored: readonly Pending[] = work.rest.filter(
    (_, index) => next.verdicts[index] === 'stored',
  );
  if (next.mustLookAgain) ({ state, rest: stored } = answerStored(state, stored));
  const accepted = work.rest.filter((_, index) => next.verdicts[index] === 'duplicate');
  for (const { event } of [...stored, ...accepted]) state = acknowledge(state, event, 0);
  const rest = work.rest.filter((_, index) => next.verdicts[index] === 'open');
  const writer = state.writers[step.index] as Writer;
  const { sent: _, ...waiting } = work;
  const plain = { ...next.state, pauseMs: 0 };
  const after = { ...waiting, rest, state: plain, hasLooked: false, isSlow: false };
  const changed = rest.length === 0 ? withoutWork(writer) : { ...writer, work: after };
  return withWriter({ ...step, state }, changed);
}

/** Acknowledges what the log has, with its position. */
function answerStored(
  state: State,
  pending: readonly Pending[],
): { state: State; rest: readonly Pending[] } {
  const { log } = state.database.durable;
  let after = state;
  for (const { event } of pending) {
    if (log.includes(event)) after = acknowledge(after, event, log.indexOf(event));
  }
  return { state: after, rest: pending.filter(({ event }) => !log.includes(event)) };
}
