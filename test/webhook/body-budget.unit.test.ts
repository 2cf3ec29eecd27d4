import { expect, test } from 'vitest';
import { type BodyShare, createBodyBudget } from '../../src/webhook/body-budget.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** A budget of 8 MiB, 2 MiB per address, and the outcomes of its bodies. */
function openBudget(limits = {}) {
  const budget = createBodyBudget({
    ...{ maxBytes: 8 * MIB, maxBytesPerAddress: 2 * MIB, minBytesPerSecond: 1 * KIB },
    ...limits,
  });
  const evicted: string[] = [];
  return {
    ...budget,
    evicted,
    open(address: string, name = address): BodyShare {
      const share = budget.open(address);
      share.onEvicted((reason) => evicted.push(`${name} ${reason}`));
      return share;
    },
  };
}

function receive(share: BodyShare, bytes: number): boolean {
  share.received(bytes);
  return share.take(bytes);
}

test('a new body takes memory from the one that received least recently', () => {
  const budget = openBudget();
  const stalled = budget.open('a', 'stalled');
  const moving = budget.open('a', 'moving');
  receive(stalled, 1 * MIB);
  receive(moving, 512 * KIB);
  budget.measure(250);
  budget.measure(250);
  receive(moving, 512 * KIB);
  expect(receive(budget.open('a', 'new'), 64 * KIB)).toBe(true);
  expect(budget.evicted).toEqual(['stalled crowded']);
  // Its memory was released exactly once.
  stalled.release();
  expect(receive(budget.open('a', 'next'), 900 * KIB)).toBe(true);
  expect(budget.evicted).toEqual(['stalled crowded']);
});

test('one address cannot take all the memory', () => {
  const budget = openBudget();
  const honest = budget.open('sender', 'sender');
  receive(honest, 512 * KIB);
  for (let index = 0; index < 40; index += 1) {
    for (const address of ['a', 'b', 'c', 'd', 'e']) receive(budget.open(address), 1 * MIB);
  }
  expect(receive(honest, 512 * KIB)).toBe(true);
  expect(budget.evicted).not.toContain('sender crowded');
  expect(budget.evicted.length).toBeGreaterThan(100);
});

test('many addresses with one body each lose theirs to a new body too', () => {
  const budget = openBudget();
  for (let index = 0; index < 14; index += 1) receive(budget.open(`a${index}`), 512 * KIB);
  expect(budget.evicted).toEqual([]);
  expect(receive(budget.open('sender'), 1 * MIB)).toBe(true);
  expect(budget.evicted).toHaveLength(2);
});

test('large bodies leave a reserve for small ones', () => {
  const budget = openBudget();
  for (const address of ['a', 'b', 'c', 'd', 'e']) {
    for (let index = 0; index < 2; index += 1) receive(budget.open(address), 1 * MIB);
  }
  const before = budget.evicted.length;
  for (let index = 0; index < 64; index += 1) {
    expect(receive(budget.open('sender'), 16 * KIB)).toBe(true);
  }
  expect(budget.evicted).toHaveLength(before);
});

test('a verified body keeps its memory, and a body without memory is refused', () => {
  const budget = openBudget();
  const kept = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((address) => {
    const share = budget.open(address);
    receive(share, 1 * MIB);
    share.verified();
    return share;
  });
  expect(receive(budget.open('sender'), 1 * MIB)).toBe(false);
  expect(budget.evicted).toEqual([]);
  kept[0]?.release();
  kept[0]?.release();
  expect(receive(budget.open('sender'), 1 * MIB)).toBe(true);
  expect(receive(budget.open('other'), 1 * MIB)).toBe(true);
  expect(budget.evicted).toEqual(['sender crowded']);
});

test('the budget is full when verified bodies alone fill it', () => {
  const budget = openBudget({ maxBytes: 32 * KIB });
  const unverified = budget.open('a');
  receive(unverified, 16 * KIB);
  const verified = budget.open('a');
  receive(verified, 16 * KIB);
  expect(budget.full()).toBe(false);
  unverified.verified();
  verified.verified();
  expect(budget.full()).toBe(true);
  verified.release();
  expect(budget.full()).toBe(false);
});

test('a body below the minimum rate is evicted after 5 s, and one at the rate stays', () => {
  const budget = openBudget();
  const stalled = budget.open('a', 'stalled');
  const trickling = budget.open('b', 'trickling');
  const steady = budget.open('c', 'steady');
  const verified = budget.open('d', 'verified');
  receive(stalled, 1 * MIB);
  receive(verified, 1);
  verified.verified();
  for (let look = 0; look < 80; look += 1) {
    receive(trickling, 250);
    receive(steady, 257);
    budget.measure(250);
    if (look === 18) expect(budget.evicted).toEqual([]);
    if (look === 19) expect(budget.evicted).toEqual(['trickling slow']);
  }
  // The bytes of its first 5 s do not count for the next period.
  expect(budget.evicted).toEqual(['trickling slow', 'stalled slow']);
});

test('a body larger than the whole budget is refused', () => {
  const budget = openBudget({ maxBytes: 100 });
  expect(receive(budget.open('a'), 101)).toBe(false);
});
