import { expect, test } from 'vitest';
import { canonicalKey } from './canonical-key.ts';
import { startState } from './state.ts';

test('states that differ in the names of events and of equal writers have one key', () => {
  const keys = [
    [['a'], ['b', 'c'], ['d']],
    [['b'], ['a', 'd'], ['c']],
    [['a'], ['b'], ['c', 'd']],
  ].map((deliveries) => canonicalKey(startState(deliveries)));
  expect(new Set(keys).size).toBe(1);
});

test('states that differ in more have different keys', () => {
  const start = startState([['a'], ['b'], ['c']]);
  const { database, writers } = start;
  const op = (event: string) => ({ kind: 'in', event }) as const;
  const [first, ...others] = writers.map((writer) => ({ ...writer, isCaughtUp: false }));
  const states = [
    start,
    startState([['a', 'b'], ['c'], []]),
    startState([['a'], ['a'], ['b']]),
    { ...start, takes: 1 },
    { ...start, told: { a: 0 }, database: { ...database, ops: [op('a')] } },
    { ...start, database: { ...database, ops: [op('a')] } },
    { ...start, database: { ...database, ops: [op('b')] } },
    { ...start, writers: first ? [first, ...others] : [] },
  ];
  expect(new Set(states.map(canonicalKey)).size).toBe(states.length);
});
