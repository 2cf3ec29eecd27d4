import { expect, test } from 'vitest';
import { createPubSub } from '../../src/feed/pubsub.ts';
import { createQueuedBytes } from '../../src/feed/queued-bytes.ts';

const BOUNDS = { capacity: 1_000, maxBytes: 1_000 };
const leaveIt = () => undefined;

function open(maxQueuedBytes: number) {
  const queued = createQueuedBytes<unknown>(maxQueuedBytes);
  let slow = 0;
  const pubsub = createPubSub<{ position: number }>({ ...BOUNDS, queued }, () => {
    slow += 1;
  });
  let position = 0;
  return {
    ...{ queued, pubsub },
    slow: () => slow,
    publish(topic: string, sizeBytes: number) {
      position += 1;
      pubsub.publish([{ topics: [topic], item: { position }, sizeBytes }]);
    },
  };
}

test('an item in many queues counts once, until it has left all of them', () => {
  const { pubsub, queued, publish } = open(100);
  const queues = Array.from({ length: 50 }, () => pubsub.subscribe(['a'], leaveIt));
  publish('a', 60);
  publish('a', 40);
  expect(queued.total()).toBe(100);
  for (const queue of queues.slice(1)) expect(queue.shift()).toEqual({ position: 1 });
  expect(queued.total()).toBe(100);
  queues[0]?.end();
  expect(queued.total()).toBe(40);
  for (const queue of queues) queue.end();
  expect(queued.total()).toBe(0);
});

test('all queues together stay within the limit; one that would exceed it starts from its first item', () => {
  const { pubsub, queued, publish, slow } = open(100);
  const queues = Array.from({ length: 10 }, (_, index) => pubsub.subscribe([`t${index}`], leaveIt));
  for (let round = 0; round < 5; round += 1) {
    for (let index = 0; index < queues.length; index += 1) publish(`t${index}`, 15);
    expect(queued.total()).toBeLessThanOrEqual(100);
  }
  const ended = queues.filter((queue) => queue.hasEnded);
  expect(slow()).toBe(ended.length);
  expect(ended.length).toBeGreaterThan(3);
  for (const [index, queue] of queues.entries()) {
    if (queue.hasEnded) {
      // Nothing is left in it, so everything from the refused item on is read from the log.
      expect(queue.shift()).toBeUndefined();
      expect((queue.refused?.position ?? 0) % 10).toBe((index + 1) % 10);
    }
    queue.end();
  }
  expect(queued.total()).toBe(0);
});

test('a consumer that takes items at once is not affected', () => {
  const { pubsub, publish } = open(100);
  pubsub.subscribe(['slow'], leaveIt);
  publish('slow', 100);
  const taken: number[] = [];
  const quick = pubsub.subscribe(['quick'], () => taken.push(quick.shift()?.position ?? 0));
  for (let count = 0; count < 5; count += 1) publish('quick', 90);
  expect(taken).toEqual([2, 3, 4, 5, 6]);
  expect(quick.hasEnded).toBe(false);
});
