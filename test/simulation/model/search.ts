import { canonicalKey } from './canonical-key.ts';
import { createEdges } from './edges.ts';
import { reduce } from './reduce.ts';
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

/** The key of all states that `hasOnlyEntries` describes: nothing that follows differs in a rule. */
const OVER = 'over';

/**
 * Visits every state that can be reached, the nearest first; of those that differ in names, one.
 *
 * @param isReduced takes steps that a writer can take alone at once; see `reduce`
 */
export function search(
  start: State,
  decisions: Decisions,
  bounds: Bounds,
  isReduced = false,
): Searched {
  const visited = (state: State) => (isReduced ? reduce(state, decisions, bounds) : state);
  const events = new Set(start.writers.flatMap(({ queue }) => queue.map(({ event }) => event)));
  const isOver = (state: State) => isReduced && hasOnlyEntries(state, events);
  const states = createStateSet();
  const edges = createEdges();
  const complete: number[] = [];
  const first = visited(start);
  let layer = [{ ...states.add(canonicalKey(first)), state: first }];
  for (let steps = 1; layer.length > 0; steps += 1) {
    const following: typeof layer = [];
    for (const { id, state } of layer) {
      try {
        check(state);
        if (isOver(state) || isComplete(state)) complete.push(id);
        if (isOver(state)) continue;
        for (const next of successors(state, decisions, bounds)) {
          if (next === state) continue;
          const one = visited(next);
          const isLast = isOver(one);
          if (isLast) check(one);
          const found = states.add(isLast ? OVER : canonicalKey(one));
          edges.add(id, found.id);
          if (found.isNew) following.push({ ...found, state: one });
        }
      } catch (error) {
        if (!(error instanceof BrokenRule)) throw error;
        return { states: states.size(), broken: { rule: error.message, steps }, stuck: 0 };
      }
    }
    layer = following;
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

/**
 * Every event is in the log and answered, and what is left are entries of the inbox to delete. Then
 * no step changes the log or answers a delivery, so no rule can be broken.
 */
function hasOnlyEntries({ database: { durable }, writers }: State, events: Set<string>): boolean {
  return (
    [...events].every((event) => durable.log.includes(event)) &&
    writers.every(({ queue, work }) =>
      [...queue, ...(work?.rest ?? [])].every(({ isEntry }) => isEntry),
    )
  );
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
