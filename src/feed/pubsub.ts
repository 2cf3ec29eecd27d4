import { type BoundedQueue, createBoundedQueue, type QueueBounds } from './bounded-queue.ts';

/**
 * Topics and their subscribers, with the plain face of Yoga's pubsub. Each subscriber has a queue
 * of its own, bounded: one that is stalled costs its bounds and disturbs nobody.
 */
export interface PubSub<T> {
  /** Hands an item to the subscribers of a topic; costs nothing where there are none. */
  publish(topic: string, item: T, sizeBytes: number): void;
  /** Subscribes to topics, from now on. An item published on two of them comes twice. */
  subscribe(topics: readonly string[]): BoundedQueue<T>;
  /** How many subscriptions are open. */
  size(): number;
}

/** @param bounds how much waits for each subscriber at most */
export function createPubSub<T>(bounds: QueueBounds): PubSub<T> {
  const byTopic = new Map<string, Set<BoundedQueue<T>>>();
  let open = 0;
  return {
    publish(topic, item, sizeBytes) {
      const subscribers = byTopic.get(topic);
      if (subscribers === undefined) return;
      for (const subscriber of subscribers) subscriber.push(item, sizeBytes);
    },
    subscribe(topics) {
      const queue = createBoundedQueue<T>(bounds, () => {
        open -= 1;
        for (const topic of topics) {
          const subscribers = byTopic.get(topic);
          subscribers?.delete(queue);
          if (subscribers?.size === 0) byTopic.delete(topic);
        }
      });
      open += 1;
      for (const topic of topics) {
        const subscribers = byTopic.get(topic) ?? new Set();
        byTopic.set(topic, subscribers.add(queue));
      }
      return queue;
    },
    size: () => open,
  };
}
