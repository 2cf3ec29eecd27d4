import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedQueue } from '../../src/feed/bounded-queue.ts';

const BOUNDS = { capacity: 3, maxBytes: 100 };

/** @param take what the consumer does within a push */
function open(bounds = BOUNDS, take: (queue: BoundedQueue<string>) => void = () => undefined) {
  let ends = 0;
  const queue = new BoundedQueue<string>(bounds, {
    onReadable: () => take(queue),
    onEnd() {
      ends += 1;
    },
  });
  return { queue, ends: () => ends };
}

test.each([
  ['items', [1, 1, 1], 1],
  ['bytes', [50, 50], 1],
  ['bytes by far', [10], 1_000],
])(
  'full of %s, it refuses the next item, ends, and still returns what it holds',
  (_, held, next) => {
    const { queue, ends } = open();
    for (const [index, size] of held.entries()) expect(queue.push(String(index), size)).toBe(true);
    expect(queue.refused).toBeUndefined();
    expect(queue.push('too much', next)).toBe(false);
    expect([queue.refused, ends()]).toEqual(['too much', 1]);
    expect(queue.push('later', 1)).toBe(false);
    for (const index of held.keys()) {
      expect(queue.shift()).toBe(String(index));
    }
    expect(queue.shift()).toBeUndefined();
    expect([queue.hasEnded, ends()]).toEqual([true, 1]);
  },
);

test('an item larger than the bound is accepted alone into an empty queue', () => {
  const { queue } = open();
  expect(queue.push('large', 1_000)).toBe(true);
  expect(queue.shift()).toBe('large');
  expect(queue.push('large again', 1_000)).toBe(true);
  expect(queue.push('small', 1)).toBe(false);
});

test('an item that is taken within the push does not count', () => {
  const taken: unknown[] = [];
  const { queue } = open(BOUNDS, (one) => {
    if (one.peek() !== 'd') taken.push(one.shift());
  });
  for (const item of ['a', 'b', 'c', 'd']) expect(queue.push(item, 1_000)).toBe(true);
  expect(taken).toEqual(['a', 'b', 'c']);
  // The consumer is not called again before the queue is empty.
  expect(queue.push('e', 1)).toBe(false);
  expect([queue.shift(), queue.shift()]).toEqual(['d', undefined]);
});

test('the consumer may end the queue within the push', () => {
  const { queue, ends } = open(BOUNDS, (one) => one.end());
  queue.push('a', 1);
  expect([queue.push('b', 1), queue.shift(), ends()]).toEqual([false, undefined, 1]);
});

test('drop discards queued and refused items, and returns the first', () => {
  const { queue, ends } = open();
  expect([queue.drop(), queue.hasEnded]).toEqual([undefined, false]);
  for (const item of ['a', 'b']) queue.push(item, 1);
  expect([queue.drop(), queue.shift(), queue.refused, ends()]).toEqual([
    'a',
    undefined,
    undefined,
    1,
  ]);
  const full = open().queue;
  for (const item of ['a', 'b', 'c', 'd']) full.push(item, 1);
  for (let index = 0; index < 3; index += 1) full.shift();
  expect([full.drop(), full.refused]).toEqual(['d', undefined]);
});

type Step = { do: 'push'; sizeBytes: number; takes: boolean } | { do: 'shift' | 'drop' | 'end' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      sizeBytes: fc.nat(60),
      takes: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('shift' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('drop' as const, 'end' as const) }) },
);

test('any steps have the results of a plain list with bounds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let takes = false;
      const taken: unknown[] = [];
      const { queue, ends } = open(BOUNDS, (one) => {
        if (takes) taken.push(one.shift());
      });
      let list: { item: string; sizeBytes: number }[] = [];
      let refused: string | undefined;
      let ended = false;
      for (const [index, one] of steps.entries()) {
        const item = `item ${index}`;
        if (one.do === 'push') {
          takes = one.takes;
          const isTaken = takes && list.length === 0 && !ended;
          const bytes = list.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          const hasRoom =
            list.length === 0 || (list.length < 3 && bytes + one.sizeBytes <= BOUNDS.maxBytes);
          expect(queue.push(item, one.sizeBytes)).toBe(!ended && hasRoom);
          expect(taken.splice(0)).toEqual(isTaken ? [item] : []);
          if (!ended && hasRoom && !isTaken) list.push({ item, sizeBytes: one.sizeBytes });
          if (!ended && !hasRoom) {
            refused = item;
            ended = true;
          }
        } else if (one.do === 'shift') {
          expect(queue.shift()).toBe(list.shift()?.item);
        } else if (one.do === 'drop') {
          const first = list[0]?.item ?? refused;
          expect(queue.drop()).toBe(first);
          if (first === undefined) continue;
          list = [];
          refused = undefined;
          ended = true;
        } else {
          queue.end();
          list = [];
          ended = true;
        }
        expect([queue.peek(), queue.refused]).toEqual([list[0]?.item, refused]);
        expect([queue.hasEnded, ends()]).toEqual([ended, ended ? 1 : 0]);
      }
    }),
  );
});
