import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { onNewPrimary } from '../../src/storage/on-new-primary.ts';

/** Emits what the driver does, and returns how often a new primary was reported. */
function report(changes: readonly (readonly [address: string, before: string, after: string])[]) {
  const client = new EventEmitter();
  let count = 0;
  onNewPrimary(client as unknown as Parameters<typeof onNewPrimary>[0], () => {
    count += 1;
  });
  for (const [address, before, after] of changes) {
    client.emit('serverDescriptionChanged', {
      ...{ address, previousDescription: { type: before }, newDescription: { type: after } },
    });
  }
  return count;
}

test.each([
  { name: 'another member is elected', times: 1, changes: [['b', 'RSSecondary', 'RSPrimary']] },
  {
    name: 'the former primary becomes a secondary before that',
    times: 1,
    changes: [
      ['a', 'RSPrimary', 'RSSecondary'],
      ['b', 'RSSecondary', 'RSPrimary'],
    ],
  },
  {
    name: 'the former primary becomes a secondary after that, and primary again',
    times: 2,
    changes: [
      ['b', 'RSSecondary', 'RSPrimary'],
      ['a', 'RSPrimary', 'RSSecondary'],
      ['b', 'RSPrimary', 'RSSecondary'],
      ['a', 'RSSecondary', 'RSPrimary'],
    ],
  },
  {
    name: 'the connections to the primary are lost for a while',
    times: 0,
    changes: [
      ['a', 'RSPrimary', 'Unknown'],
      ['a', 'Unknown', 'RSPrimary'],
    ],
  },
  {
    name: 'something else of a member changes',
    times: 0,
    changes: [
      ['a', 'RSPrimary', 'RSPrimary'],
      ['b', 'RSSecondary', 'Unknown'],
      ['b', 'Unknown', 'RSSecondary'],
    ],
  },
] as const)('$name: $times new primaries', ({ times, changes }) => {
  expect(report(changes)).toBe(times);
});
