import type { Trace } from '../trace.ts';

/** Rules that a run has broken; the first one ends it. */
export interface Violations {
  add(rule: Rule, text: string): void;
  first(): { rule: Rule; text: string } | undefined;
}

/** The rules that hold in every run. */
export const rules = {
  stored: 'acknowledged means stored on a majority',
  dense: 'positions are dense, and none is given out twice',
  order: 'every reader sees the same event at a position, in ascending order',
  once: 'each subscriber gets each matching event once',
  duplicate: 'a duplicate keeps its first position',
  quarantine: 'what is refused for good is in quarantine, once',
  erased: 'nothing of an erased user is given out or kept after the erasure is confirmed',
  cursor: 'a cursor is good, or refused for the reason that is true',
  hang: 'no call hangs for ever, and no entry stays in the inbox',
  lease: 'the writer lease is taken only where it is free or not renewed, and held by one instance',
  memory: 'memory is bounded',
  fault: 'nothing fails in a way that nobody handles',
} as const;

export type Rule = keyof typeof rules;

export function createViolations(trace: Trace): Violations {
  let first: { rule: Rule; text: string } | undefined;
  return {
    add(rule, text) {
      trace.add(`VIOLATION ${rule}: ${text}`);
      first ??= { rule, text };
    },
    first: () => first,
  };
}
