import type { StoredEvent } from '../catalog/event.ts';

/**
 * Takes an event as soon as it is published. True: taken. False: refused; the flow ends, and `next`
 * returns the event. A promise: not now; the event is offered again when the promise resolves.
 */
export type Take = (event: StoredEvent) => boolean | Promise<void>;

/**
 * Events that are pulled one by one with `next` or pushed by `flow`: within the call that publishes
 * them, without a promise per event. Each event is delivered exactly once, by `next` or by `flow`.
 * Other items are delivered by `next` only.
 */
export interface FlowingEvents<Item = StoredEvent> extends AsyncIterableIterator<Item> {
  /**
   * Pushes events to `take`. Resolves when an event is refused, when the next item is not an event,
   * and at the end or an error of the subscription; `next` then returns the item or the error.
   */
  flow(take: Take): Promise<void>;
  /**
   * The event that `next` returned last, in the form that may be delivered now: unchanged, erased,
   * or undefined if the erased form no longer matches. A promise only when it must be read from the
   * log.
   */
  recheck(event: StoredEvent): StoredEvent | Promise<StoredEvent | undefined>;
}
