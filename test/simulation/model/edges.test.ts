import { expect, test } from 'vitest';
import { createEdges } from './edges.ts';

test('counts the states from which a way leads to some of them', () => {
  const edges = createEdges();
  // 0 → 1 → 2, 1 → 3 → 4 → 3; 5 alone.
  for (const [from, to] of [
    [0, 1],
    [1, 2],
    [1, 3],
    [3, 4],
    [4, 3],
  ] as const)
    edges.add(from, to);
  expect(edges.leadingTo([2], 6)).toBe(3);
  expect(edges.leadingTo([2, 3], 6)).toBe(5);
});
