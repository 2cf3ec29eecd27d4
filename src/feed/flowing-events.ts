import type { StoredEvent } from '../catalog/event.ts';

/**
 * Takes an event as soon as it comes. True: it was taken. False: not in this way; the flow ends, and
 * the event is what `next` gives. A promise: not now, but it may be offered again when that is kept.
 */
export type Take = (event: StoredEvent) => boolean | Promise<void>;

/**
 * Events that can be asked for one by one, or be let flow: then each is handed over within the very
 * call that publishes it, without a promise for each. The two take turns on the same events, each of
 * which goes one way. What else stands between them is asked for.
 */
export interface FlowingEvents<Item = StoredEvent> extends AsyncIterableIterator<Item> {
  /**
   * Lets the events flow. Resolves when one is not taken, when something else than an event is next,
   * and when there will be no more or they cannot be read: the next `next` gives that.
   */
  flow(take: Take): Promise<void>;
  /**
   * The event that `next` gave last, as it may be given out now: it, what an erasure has put in its
   * place, or undefined where that is not wanted. A promise only where it has to be looked up.
   */
  recheck(event: StoredEvent): StoredEvent | Promise<StoredEvent | undefined>;
}
