import type { StoredEvent } from '../catalog/event.ts';

/**
 * Takes an event as soon as it comes. True: it was taken. False: not in this way; the flow ends, and
 * the event is what `next` gives. A promise: not now, but it may be offered again when that is kept.
 */
export type Take = (event: StoredEvent) => boolean | Promise<void>;

/**
 * Events that can be asked for one by one, or be let flow: then each is handed over within the very
 * call that publishes it, without a promise for each. The two take turns on the same events, each of
 * which goes one way.
 */
export interface FlowingEvents extends AsyncIterableIterator<StoredEvent> {
  /**
   * Lets the events flow. Resolves when one is not taken, and when there will be no more or they
   * cannot be read: the next `next` gives the event, the end, or the error.
   */
  flow(take: Take): Promise<void>;
}
