import { expect } from 'vitest';
import { cursorsOf, type Following } from './follow-all.ts';
import { columnOf } from './table.ts';

/** Compares what clients did alone with a column of the documentation. */
export function expectColumn(
  title: string,
  all: readonly Following[],
  cellOf: (following: Following) => string,
): void {
  const alone = all.filter(({ isHelped }) => !isHelped);
  const observed = Object.fromEntries(alone.map((one) => [one.name, cellOf(one)]));
  expect(observed).toEqual(columnOf(title));
}

/** The helped clients, and those that need no help, have every event once, in order. */
export function expectEachOnce(all: readonly Following[], stored: readonly string[]): void {
  const needsNone = columnOf('to receive each event once');
  for (const { name, isHelped, follower } of all) {
    if (!isHelped && needsNone[name] !== 'nothing') continue;
    expect([name, follower.end, cursorsOf(follower)]).toEqual([name, undefined, stored]);
  }
}
