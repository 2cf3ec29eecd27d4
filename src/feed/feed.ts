import type { StoredEvent } from '../catalog/event.ts';
import { sizeOf } from '../catalog/size-of.ts';
import type { Filter } from '../log/filter.ts';
import type { LogReader } from '../log/read.ts';
import type { Pace } from './create-pace.ts';
import type { FlowingEvents } from './flowing-events.ts';
import { createPubSub } from './pubsub.ts';
import { readEvents } from './read-events.ts';
import { sharePages } from './share-pages.ts';
import { topicsOf } from './topics.ts';

export interface FeedOptions {
  reader: LogReader;
  /** The last position that has been published. */
  head: () => number;
  /** The error of a subscription whose place has been removed; gets the last removed position. */
  expired: (removedUpTo: number) => Error;
  /** How many events wait for a subscription before it goes back to reading the log. */
  capacity?: number;
  /** How many bytes of memory they may take together; see `sizeOf`. One alone may take more. */
  maxBytes?: number;
  /** How many events of the log are read at once, within `maxBytes` as well. */
  pageSize?: number;
  /** Waits until the log may be read again; unless it is given, always at once. */
  pace?: Pace;
}

export interface Feed {
  /** Takes the next event of the log; called by the follower alone. */
  publish(event: StoredEvent): void;
  /**
   * The events that match a filter: all that come after the position `after`, in order, each once.
   * The iterator ends when it is returned, or throws when the log cannot be read.
   */
  subscribe(filter: Filter, after: number): FlowingEvents;
  /** How many subscriptions are live. */
  size(): number;
  /** How many have not ended, live or reading the log. */
  open(): number;
}

/**
 * Makes the feed of a log.
 *
 * 1,000 events ride out a second at a large sender's rate, and take about 1 MiB if they are like
 * the sender's examples; so a thousand stalled readers cost 1 GiB at the very most.
 */
export function createFeed(options: FeedOptions): Feed {
  const { reader, head, expired, pace, capacity = 1_000 } = options;
  const { maxBytes = 1024 * 1024, pageSize = 250 } = options;
  const pubsub = createPubSub<StoredEvent>({ capacity, maxBytes });
  const pages = sharePages(reader);
  let open = 0;
  const shared = {
    pubsub,
    pages,
    head,
    expired,
    pace,
    pageSize,
    maxBytes,
    onEnd: () => {
      open -= 1;
    },
  };

  return {
    publish(event) {
      const sizeBytes = sizeOf(event);
      for (const topic of topicsOf(event)) pubsub.publish(topic, event, sizeBytes);
    },
    subscribe(filter, after) {
      open += 1;
      return readEvents(filter, after, shared);
    },
    size: pubsub.size,
    open: () => open,
  };
}
