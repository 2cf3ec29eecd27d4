import type { StoredEvent } from '../catalog/event.ts';

/** Marks the end of the replay: everything up to this position was read, and live events follow. */
export interface CaughtUp {
  readonly caughtUpAt: number;
}

export type FeedItem = StoredEvent | CaughtUp;

/**
 * Items in order, each once, for one consumer. It follows the contract of Node's readable streams,
 * so that no promise is made per item.
 */
export interface Source<Item = FeedItem> {
  /**
   * Returns the first item if it may be delivered now. A later call may return another form of the
   * item or none, because a user was erased: a consumer that waited must peek again.
   *
   * Without such an item it returns undefined and begins what makes one available, such as a read
   * of the log.
   */
  peek(): Item | undefined;
  /** Removes the item that `peek` has just returned: it is delivered. */
  shift(): void;
  /**
   * Sets the callback that says that `peek`, which had returned undefined, may return an item, or
   * that the source has ended. A published event calls it synchronously. It must not throw.
   */
  onReadable(callback: () => void): void;
  /** Set when the source has ended, with the error if one has ended it. */
  readonly end: SourceEnd | undefined;
  /** Ends the source and discards its items. */
  close(): void;
}

export interface SourceEnd {
  error?: unknown;
}
