import { type BoundedQueue, createBoundedQueue, type QueueBounds } from './bounded-queue.ts';

/**
 * Topics and their subscribers, with the plain face of Yoga's pubsub. Each subscriber has a queue
 * of its own, bounded: one that is stalled costs its bounds and disturbs nobody.
 */
export interface PubSub<T> {
  /**
   * Hands items to the subscribers of their topics, to each in this order, and all that are for one
   * before the next one's turn comes. Topics without subscribers cost nothing.
   */
  publish(items: readonly Published<T>[]): void;
  /** Subscribes to topics, from now on. An item published on two of them comes twice. */
  subscribe(topics: readonly string[]): BoundedQueue<T>;
  /** How many subscriptions are open. */
  size(): number;
}

export interface Published<T> {
  topics: readonly string[];
  item: T;
  sizeBytes: number;
}

type Subscribers<T> = Set<BoundedQueue<T>>;

/**
 * @param bounds how much waits for each subscriber at most
 * @param onTooSlow told of each subscriber whose queue was full
 */
export function createPubSub<T>(bounds: QueueBounds, onTooSlow?: () => void): PubSub<T> {
  /** Those who have this topic alone: what is for them can be told from the topic. */
  const byOnlyTopic = new Map<string, Subscribers<T>>();
  /** Those who have others as well. */
  const byTopic = new Map<string, Subscribers<T>>();
  let open = 0;

  function publishOne(one: Published<T>): void {
    for (const topic of one.topics) {
      for (const queue of byOnlyTopic.get(topic) ?? []) queue.push(one.item, one.sizeBytes);
      for (const queue of byTopic.get(topic) ?? []) queue.push(one.item, one.sizeBytes);
    }
  }

  /** What is for whom: for all who have a topic alone, and for each who has several. */
  function sort(items: readonly Published<T>[]) {
    const shared = new Map<Subscribers<T>, Published<T>[]>();
    const own = new Map<BoundedQueue<T>, Published<T>[]>();
    for (const one of items) {
      for (const topic of one.topics) {
        const subscribers = byOnlyTopic.get(topic);
        if (subscribers) add(shared, subscribers, one);
        for (const queue of byTopic.get(topic) ?? []) add(own, queue, one);
      }
    }
    return { shared, own };
  }

  return {
    publish(items) {
      const [first] = items;
      if (first && items.length === 1) return publishOne(first);
      const { shared, own } = sort(items);
      for (const [subscribers, some] of shared) for (const queue of subscribers) push(queue, some);
      for (const [queue, some] of own) push(queue, some);
    },
    subscribe(topics) {
      const all = topics.length === 1 ? byOnlyTopic : byTopic;
      const queue = createBoundedQueue<T>(bounds, () => {
        open -= 1;
        if (queue.refused() !== undefined) onTooSlow?.();
        for (const topic of topics) {
          const subscribers = all.get(topic);
          subscribers?.delete(queue);
          if (subscribers?.size === 0) all.delete(topic);
        }
      });
      open += 1;
      for (const topic of topics) {
        const subscribers = all.get(topic) ?? new Set();
        all.set(topic, subscribers.add(queue));
      }
      return queue;
    },
    size: () => open,
  };
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function push<T>(queue: BoundedQueue<T>, items: readonly Published<T>[]): void {
  for (const { item, sizeBytes } of items) if (!queue.push(item, sizeBytes)) return;
}
