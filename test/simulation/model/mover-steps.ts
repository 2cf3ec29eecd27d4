import { latest } from './database.ts';
import type { State, Writer } from './state.ts';
import type { WriterStep } from './steps.ts';
import { withOps, withWriter } from './with-writer.ts';

/** The holder of the lease lists the inbox, and deletes what it has moved. */
export function stepsOfMover(step: WriterStep): State[] {
  if (step.writer.lease.phase !== 'holding') return [];
  return [...list(step), ...deleteMoved(step)];
}

function list(step: WriterStep): State[] {
  const { state, writer } = step;
  const known = new Set([...writer.moving, ...writer.moved]);
  const found = state.database.durable.inbox.filter((event) => !known.has(event));
  if (found.length === 0 && writer.isCaughtUp) return [];
  // A delivery of the same event is pending already: the entry shares its outcome.
  const pending = new Set(
    [...writer.queue, ...(writer.work?.rest ?? [])].map(({ event }) => event),
  );
  const added = found.filter((event) => !pending.has(event));
  const queue = [...writer.queue, ...added.map((event) => ({ event, isEntry: true }))];
  const moving = [...writer.moving, ...added];
  return [withWriter(step, { ...writer, isCaughtUp: true, queue, moving })];
}

/** That takes its time: a look into the log before it is an old one. */
function deleteMoved(step: WriterStep): State[] {
  const { state, writer } = step;
  if (writer.moved.length === 0) return [];
  const { inbox } = latest(state.database);
  const ops = writer.moved
    .filter((event) => inbox.includes(event))
    .map((event) => ({ kind: 'out', event }) as const);
  const done = withWriter(step, { ...writer, moved: [] });
  return [{ ...done, database: withOps(state.database, ops), writers: done.writers.map(slow) }];
}

function slow(writer: Writer): Writer {
  const { work } = writer;
  return work?.kind === 'accept' && work.hasLooked
    ? { ...writer, work: { ...work, isSlow: true } }
    : writer;
}
