import { expect, test } from 'vitest';
import { createTurnLimiter } from '../../../src/server/graphql/create-turn-limiter.ts';

/** Takes the time of a turn, as an operation does. */
function work(): void {
  for (const startMs = performance.now(); performance.now() - startMs < 6; );
}

test('an operation waits for a few turns, however many operations of another viewer wait', async () => {
  const turn = createTurnLimiter();
  const begun: string[] = [];
  const operate = (viewer: string) => {
    const begin = () => {
      begun.push(viewer);
      work();
    };
    return turn(viewer)?.then(begin) ?? begin();
  };
  const all = Array.from({ length: 20 }, () => operate('many'));
  all.push(operate('one'), operate('many'), operate('one'), operate('another'));
  await Promise.all(all);
  expect(begun).toHaveLength(24);
  // The first begins at once, and at most two follow in the same turn.
  expect(
    begun
      .slice(0, 8)
      .filter((viewer) => viewer !== 'many')
      .sort(),
  ).toEqual(['another', 'one', 'one']);
});

test('the operations of one viewer begin in their order', async () => {
  const turn = createTurnLimiter();
  const begun: number[] = [];
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => {
      const begin = () => {
        begun.push(index);
        work();
      };
      return turn('one')?.then(begin) ?? begin();
    }),
  );
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
