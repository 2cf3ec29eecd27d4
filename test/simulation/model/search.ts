import { canonicalKey } from './canonical-key.ts';
import { createEdges } from './edges.ts';
import type { State } from './state.ts';
import { createStateSet } from './state-set.ts';
import { type Bounds, BrokenRule, type Decisions, successors } from './steps.ts';

export interface Searched {
  states: number;
  /** The first rule that was found broken, and the length of the way to it. */
  broken: { rule: string; steps: number } | undefined;
  /** States from which no order of steps brings everything to its end. */
  stuck: number;
}

/** Visits every state that can be reached, the nearest first; of those that differ in names, one. */
export function search(start: State, decisions: Decisions, bounds: Bounds): Searched {
  const states = createStateSet();
  const edges = createEdges();
  const complete: number[] = [];
  let layer = [{ ...states.add(canonicalKey(start)), state: start }];
  for (let steps = 1; layer.length > 0; steps += 1) {
    const next: typeof layer = [];
    for (const { id, state } of layer) {
      try {
        check(state);
        if (isComplete(state)) complete.push(id);
        for (const one of successors(state, decisions, bounds)) {
          const found = states.add(canonicalKey(one));
          edges.add(id, found.id);
          if (found.isNew) next.push({ ...found, state: one });
        }
      } catch (error) {
        if (!(error instanceof BrokenRule)) throw error;
        return { states: states.size(), broken: { rule: error.message, steps }, stuck: 0 };
      }
    }
    layer = next;
  }
  const size = states.size();
  return { states: size, broken: undefined, stuck: size - edges.leadingTo(complete, size) };
}

/** The sentences that hold in every state. */
function check({ database: { durable }, told }: State): void {
  const positions = durable.log.slice(1);
  if (positions.includes(null)) throw new BrokenRule(`positions are dense: ${positions}`);
  if (new Set(positions).size < positions.length) {
    throw new BrokenRule(`an event has one position: ${positions}`);
  }
  for (const [event, position] of Object.entries(told)) {
    const isStored = durable.log.includes(event) || durable.inbox.includes(event);
    if (!isStored) throw new BrokenRule(`acknowledged means stored: ${event}`);
    if (position > 0 && durable.log[position] !== event) {
      throw new BrokenRule(`a duplicate keeps its first position: ${event} at ${position}`);
    }
  }
}

/** Everything is acknowledged, and in the log. */
function isComplete({ database: { durable, ops }, writers, told }: State): boolean {
  return (
    ops.length === 0 &&
    durable.inbox.length === 0 &&
    writers.every(({ queue, work }) => queue.length === 0 && work === undefined) &&
    Object.keys(told).every((event) => durable.log.includes(event))
  );
}
