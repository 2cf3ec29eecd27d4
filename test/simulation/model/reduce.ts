import { stepsOfAccept } from './accept-steps.ts';
import { stepsOfAppend } from './append-steps.ts';
import { latest, type Snapshot } from './database.ts';
import type { Accept, Append, State, Writer } from './state.ts';
import type { Bounds, Decisions, WriterStep } from './steps.ts';

/** More steps in a row than any writer can take alone. */
const MAX_LOCAL_STEPS = 100;

/**
 * Takes every step that a writer can take at once and alone: no other step can prevent it, and each
 * leads to the same state before it and after it (strong confluence; `reduce.slow.test.ts` checks that in
 * small scopes). What follows from the state itself also follows from the returned one, which is
 * visited in its place. Drops what nothing that follows depends on.
 */
export function reduce(state: State, decisions: Decisions, bounds: Bounds): State {
  let reduced = withoutUnused(state, bounds);
  for (let left = MAX_LOCAL_STEPS; left > 0; left -= 1) {
    const next = localStep(reduced, decisions, bounds);
    if (next === undefined) return reduced;
    reduced = withoutUnused(next, bounds);
  }
  throw new Error('a writer takes steps alone without an end');
}

/** The state after one such step; undefined if there is none. */
export function localStep(state: State, decisions: Decisions, bounds: Bounds): State | undefined {
  for (const [index, writer] of state.writers.entries()) {
    const step = { state, decisions, bounds, index, writer };
    if (isLocal(step)) return [...stepsOfAppend(step), ...stepsOfAccept(step)][0];
  }
  return undefined;
}

/**
 * Drops what decides nothing: the position that was told for an event in the log, which never changes
 * there, how old a look is, since it only decides about that position, the size of a batch of which
 * the database refuses nothing, and the entries of a writer that never appends again.
 */
export function withoutUnused(state: State, bounds: Bounds): State {
  const { log } = state.database.durable;
  const told = Object.entries(state.told).filter(([event]) => !log.includes(event));
  let writers: Writer[] | undefined;
  for (const [index, writer] of state.writers.entries()) {
    const rested = withoutUnusedWork(writer);
    const kept = neverHolds(state, bounds, index) ? withoutEntries(rested) : rested;
    if (kept === writer) continue;
    writers ??= [...state.writers];
    writers[index] = kept;
  }
  if (writers === undefined && told.length === Object.keys(state.told).length) return state;
  return { ...state, writers: writers ?? state.writers, told: Object.fromEntries(told) };
}

/** No event is refused for good, so an insert always has all that is left of a batch. */
function withoutUnusedWork(writer: Writer): Writer {
  const { work } = writer;
  if (work === undefined) return writer;
  const { length } = work.rest;
  const isSlow = work.kind === 'accept' && work.isSlow;
  if (work.size === length && work.state.width === length && !isSlow) return writer;
  const state = { ...work.state, width: length };
  const plain = { ...work, size: length, state, ...(isSlow && { isSlow: false }) };
  return { ...writer, work: plain as Append | Accept };
}

/** An append of entries alone only takes the time until its answer comes. */
function withoutEntries(writer: Writer): Writer {
  const { work, queue, moving, moved } = writer;
  const isAnswered = work?.sent === undefined || work.sent.isDurable || work.sent.isCut;
  const isKept = !isAnswered || work?.rest.some(({ isEntry }) => !isEntry) === true;
  const isClean = moving.length + moved.length === 0 && !queue.some(({ isEntry }) => isEntry);
  if (isClean && (isKept || work === undefined)) return writer;
  const { work: _, ...others } = writer;
  return {
    ...{ ...others, ...(isKept && work && { work }), moving: [], moved: [] },
    queue: queue.filter(({ isEntry }) => !isEntry),
  };
}

function isLocal(step: WriterStep): boolean {
  const { state, bounds, index, writer } = step;
  const { work, queue } = writer;
  if (work?.sent) {
    // The answer never comes, whatever else happens.
    if (work.sent.isCut) return true;
    const mayBeLost = state.failovers < bounds.failovers || state.lostAnswers < bounds.lostAnswers;
    if (!work.sent.isDurable || mayBeLost) return false;
    if (neverHolds(state, bounds, index)) return true;
    return work.kind === 'append' && alwaysHolds(state, bounds, index) && isUnnoticed(step, work);
  }
  if (!neverHolds(state, bounds, index)) return false;
  if (work === undefined) return queue.length > 0;
  // An insert into the log is given up without the lease.
  if (work.kind === 'append' && work.action.kind === 'insert') return true;
  if (work.kind === 'accept' && work.hasLooked) return false;
  return work.rest.every(({ event }) => isSettled(step, event));
}

/** True if a writer has noticed that another one holds the lease, which nothing can change. */
function neverHolds(state: State, bounds: Bounds, index: number): boolean {
  const { lease } = state.writers[index] as Writer;
  const isTakable = state.takes < bounds.takes || state.database.durable.lease === null;
  return lease.phase === 'watching' && !isTakable && !holders(state).includes(`w${index}`);
}

/** True if nothing can take the lease from its holder. */
function alwaysHolds(state: State, bounds: Bounds, index: number): boolean {
  const { lease } = state.writers[index] as Writer;
  const isStable = state.takes >= bounds.takes && state.database.durable.lease !== null;
  return (
    lease.phase === 'holding' && isStable && holders(state).every((one) => one === `w${index}`)
  );
}

/** Who may hold the lease in the database, however much of it the next primary has. */
function holders({ database: { durable, ops } }: State): (string | undefined)[] {
  return [
    durable.lease?.holder,
    ...ops.map((op) => (op.kind === 'lease' ? op.holder : undefined)),
  ].filter((one) => one !== undefined);
}

/** True if neither the next listing of the inbox nor the next deletion depends on an answer. */
function isUnnoticed(step: WriterStep, { rest }: Append): boolean {
  const { moved } = step.writer;
  return (
    rest.every(({ event }) => isListed(step, event)) &&
    (moved.length === 0 || rest.every(({ isEntry }) => !isEntry))
  );
}

/** True if the holder knows the entry of an event, or there never is one. */
function isListed(step: WriterStep, event: string): boolean {
  const { moving, moved } = step.writer;
  return moving.includes(event) || moved.includes(event) || isAlone(step, event, true);
}

/** True if the log has an event on a majority, or cannot get it before this writer's next write. */
function isSettled(step: WriterStep, event: string): boolean {
  return step.state.database.durable.log.includes(event) || isAlone(step, event, false);
}

/** True if neither the inbox nor another writer has an event, nor the log unless it may. */
function isAlone(
  { state: { database, writers }, writer }: WriterStep,
  event: string,
  mayBeInLog: boolean,
): boolean {
  const has = ({ log, inbox }: Snapshot) =>
    inbox.includes(event) || (!mayBeInLog && log.includes(event));
  if (has(database.durable) || has(latest(database))) return false;
  // A write that the next primary lacks may have undone another one.
  if (database.ops.some((op) => op.kind === 'in' && op.event === event)) return false;
  return writers.every(
    (other) =>
      other === writer ||
      ![...other.queue, ...(other.work?.rest ?? [])].some((one) => one.event === event),
  );
}
