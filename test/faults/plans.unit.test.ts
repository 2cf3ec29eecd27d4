import { expect, test } from 'vitest';
import { makeDelivery } from './delivery.ts';
import { faultKinds, planFaults } from './fault-plan.ts';
import { planReaders } from './plan-readers.ts';

const plans = (seed: number) => ({
  faults: planFaults({ seed, durationMs: 600_000, count: 60, servers: 3 }),
  readers: planReaders({ seed, count: 200, servers: 3, durationMs: 600_000 }),
  deliveries: Array.from({ length: 500 }, (_, index) => makeDelivery(seed, index)),
});

test('a plan depends on the seed alone, and another seed gives another plan', () => {
  expect(plans(1)).toEqual(plans(1));
  expect(plans(1).faults).not.toEqual(plans(2).faults);
  expect(plans(1).readers).not.toEqual(plans(2).readers);
  expect(plans(1).deliveries).not.toEqual(plans(2).deliveries);
});

test('as many faults as kinds include every kind, in order of time', () => {
  const { faults } = plans(3);
  expect(new Set(faults.slice(0, faultKinds.length).map(({ kind }) => kind)).size).toBe(
    faultKinds.length,
  );
  const times = faults.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});

test('the database is never killed so often that its supervisor gives up', () => {
  const { faults } = {
    faults: planFaults({ seed: 1, durationMs: 60_000, count: 200, servers: 2 }),
  };
  const kills = faults.filter(({ kind }) => kind === 'database-kill').map(({ atMs }) => atMs);
  expect(kills.length).toBeGreaterThan(1);
  for (const [index, atMs] of kills.slice(1).entries()) {
    expect(atMs - (kills[index] ?? 0)).toBeGreaterThanOrEqual(20_000);
  }
});

test('every server has readers of each kind and behaviour', () => {
  const { readers } = plans(4);
  for (const server of [0, 1, 2]) {
    const own = readers.filter((reader) => reader.server === server);
    expect(new Set(own.map(({ name }) => /\((.*?),/.exec(name)?.[1])).size).toBe(5);
    expect(new Set(own.map(({ manner }) => manner)).size).toBe(4);
  }
});
