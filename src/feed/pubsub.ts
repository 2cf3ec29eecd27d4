import { BoundedQueue, type QueueBounds } from './bounded-queue.ts';

/**
 * Topics and their subscribers, with the interface of Yoga's pubsub. Each subscriber has its own
 * bounded queue, so a stalled one costs its bounds and does not affect the others.
 */
export interface PubSub<T> {
  /**
   * Delivers items to the subscribers of their topics, in order, all items of one subscriber before
   * those of the next. A topic without subscribers costs nothing.
   */
  publish(items: readonly Published<T>[]): void;
  /**
   * Subscribes to topics from now on. An item published on two of them is delivered twice.
   *
   * @param onReadable called when the queue was empty and has an item
   */
  subscribe(topics: readonly string[], onReadable: () => void): BoundedQueue<T>;
  /** Number of open subscriptions. */
  size(): number;
}

export interface Published<T> {
  topics: readonly string[];
  item: T;
  sizeBytes: number;
}

type Subscribers<T> = Set<BoundedQueue<T>>;

/**
 * Creates a pubsub.
 *
 * @param bounds bounds of each subscriber's queue
 * @param onTooSlow called for each subscriber whose queue overflowed
 */
export function createPubSub<T>(bounds: QueueBounds, onTooSlow?: () => void): PubSub<T> {
  /**
   * Subscribers of exactly one topic: they all receive the same items, so the items are sorted
   * once.
   */
  const byOnlyTopic = new Map<string, Subscribers<T>>();
  /** Subscribers of several topics. */
  const byTopic = new Map<string, Subscribers<T>>();
  let open = 0;

  function publishOne(one: Published<T>): void {
    for (const topic of one.topics) {
      for (const queue of byOnlyTopic.get(topic) ?? []) queue.push(one.item, one.sizeBytes);
      for (const queue of byTopic.get(topic) ?? []) queue.push(one.item, one.sizeBytes);
    }
  }

  /** Sorts items by recipient: per topic for single-topic subscribers, else per subscriber. */
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
    subscribe(topics, onReadable) {
      const all = topics.length === 1 ? byOnlyTopic : byTopic;
      function onEnd(): void {
        open -= 1;
        if (queue.refused !== undefined) onTooSlow?.();
        for (const topic of topics) {
          const subscribers = all.get(topic);
          subscribers?.delete(queue);
          if (subscribers?.size === 0) all.delete(topic);
        }
      }
      const queue = new BoundedQueue<T>(bounds, { onReadable, onEnd });
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
