import type { Database, Op } from './database.ts';
import type { Pending, State, Writer } from './state.ts';
import { BrokenRule, type WriterStep } from './steps.ts';

/** The state in which one writer is another one. */
export function withWriter(
  { state, index }: Pick<WriterStep, 'state' | 'index'>,
  writer: Writer,
  more: Partial<State> = {},
): State {
  const writers = state.writers.map((one, place) => (place === index ? writer : one));
  return { ...state, ...more, writers };
}

/** The writer without its work; what is left of it goes in front of what waits. */
export function withoutWork(writer: Writer, rest: readonly Pending[] = []): Writer {
  const { work: _, ...others } = writer;
  return { ...others, queue: [...rest, ...writer.queue] };
}

export function withOps(database: Database, ops: readonly Op[]): Database {
  return { ...database, ops: [...database.ops, ...ops] };
}

/** True when the instance may append, as `isHeld` and `isCaughtUp` say. */
export function mayAppend({ lease, isCaughtUp }: Writer): boolean {
  return lease.phase === 'holding' && isCaughtUp;
}

/**
 * Acknowledges a delivery. @param position 0 if the answer has none
 * @throws BrokenRule when no majority has it
 */
export function acknowledge(state: State, event: string, position: number): State {
  const { durable } = state.database;
  const isStored =
    position > 0
      ? durable.log[position] === event
      : durable.log.includes(event) || durable.inbox.includes(event);
  if (!isStored) throw new BrokenRule(`acknowledged means stored: ${event} at ${position}`);
  const known = state.told[event] ?? 0;
  if (known > 0 && position > 0 && known !== position) {
    throw new BrokenRule(`a duplicate keeps its first position: ${event} at ${known}, ${position}`);
  }
  return { ...state, told: { ...state.told, [event]: Math.max(known, position) } };
}
