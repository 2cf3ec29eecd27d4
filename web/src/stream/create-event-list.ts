import type { EventFilter } from '../../../src/client/create-events-client.ts';
import { ask } from '../data/ask.ts';
import { createBatcher } from '../data/create-batcher.ts';
import { createSignal, type Signal } from '../data/create-signal.ts';
import { follow } from '../data/follow.ts';
import { type StreamState, toFailed } from '../data/stream-state.ts';
import { LIST_LIVE, LIST_PAGE, type StreamEvent } from '../documents/list.ts';
import type { Session } from '../session/create-session.ts';
import { createEventBuffer, MAX_KEPT } from './event-buffer.ts';

const PAGE = 100;

/** Why new events wait instead of being shown. */
export type PauseReason = 'button' | 'reading';

export interface ListState {
  state: StreamState;
  /** The shown events, oldest first. */
  events: readonly StreamEvent[];
  /** Number of events that wait because the list is paused. */
  waiting: number;
  pauseReasons: ReadonlySet<PauseReason>;
  /** Whether the log has older matching events. */
  hasOlder: boolean;
  isLoadingOlder: boolean;
}

/** The matching events, with live updates. */
export interface EventList extends Signal<ListState> {
  /** Pauses the list: new events wait until it is resumed. */
  hold(why: PauseReason): void;
  release(why: PauseReason): void;
  /** Shows the waiting events, whatever paused the list. */
  resume(): void;
  /** Loads a page of older events, unless one is loading or the list is full. */
  loadOlder(): void;
  close(): void;
}

/**
 * Starts a list: its newest page, then the subscription right after that page, without a gap. A
 * paused list keeps the newest waiting events; evicted ones are read from the log again when the
 * user scrolls there.
 */
export function createEventList(session: Session, filter: EventFilter): EventList {
  const stop = new AbortController();
  const { signal } = stop;
  let shown = createEventBuffer<StreamEvent>();
  let waiting = createEventBuffer<StreamEvent>();
  let state: StreamState = { status: 'loading' };
  const pauseReasons = new Set<PauseReason>();
  let hasOlder = false;
  let isLoadingOlder = false;

  const snapshot = (): ListState => ({
    ...{
      state,
      events: shown.items(),
      waiting: waiting.pushed(),
      pauseReasons: new Set(pauseReasons),
    },
    ...{ hasOlder, isLoadingOlder },
  });
  const current = createSignal(snapshot());
  const changes = createBatcher(() => current.set(snapshot()));

  function onState(next: StreamState): void {
    state = next;
    changes.soon();
  }

  function onEvent(event: StreamEvent): void {
    if (pauseReasons.size > 0) waiting.push(event);
    else if (shown.push(event)) hasOlder = true;
    changes.soon();
  }

  async function readPage(before: string | null, told: typeof onState | undefined) {
    const options = { signal, ...(told && { onState: told }) };
    const { data } = await ask(session, LIST_PAGE, { filter, last: PAGE, before }, options);
    const { edges, pageInfo, reached } = data.events;
    return { older: edges.map(({ node }) => node), more: pageInfo.hasPreviousPage, reached };
  }

  async function start(): Promise<void> {
    const page = await readPage(null, onState);
    shown.unshift(page.older);
    hasOlder = page.more;
    changes.now();
    const { reached: after } = page;
    await follow(session, { document: LIST_LIVE, filter, after, signal, onEvent, onState });
  }

  async function readOlder(before: string): Promise<void> {
    const page = await readPage(before, undefined);
    // The first event was evicted in the meantime, so the page would not be adjacent.
    if (shown.items()[0]?.cursor !== before) return;
    shown.unshift(page.older);
    hasOlder = page.more;
  }

  function showWaiting(): void {
    if (pauseReasons.size > 0) return;
    // Evicted events leave a gap, before which the log is read again.
    if (waiting.isCut()) {
      shown = waiting;
      hasOlder = true;
    } else {
      for (const event of waiting.items()) if (shown.push(event)) hasOlder = true;
    }
    waiting = createEventBuffer();
    changes.now();
  }

  start().catch((error) => {
    if (!signal.aborted) onState(toFailed(error));
  });

  return {
    current: current.current,
    subscribe: current.subscribe,
    hold(why) {
      if (pauseReasons.has(why)) return;
      pauseReasons.add(why);
      changes.now();
    },
    release(why) {
      if (pauseReasons.delete(why)) showWaiting();
      changes.now();
    },
    resume() {
      pauseReasons.clear();
      showWaiting();
    },
    loadOlder() {
      const oldest = shown.items()[0]?.cursor;
      const isFull = shown.items().length >= MAX_KEPT;
      if (isLoadingOlder || isFull || !hasOlder || oldest === undefined) return;
      isLoadingOlder = true;
      changes.now();
      readOlder(oldest)
        .catch((error) => {
          if (!signal.aborted) onState(toFailed(error));
        })
        .finally(() => {
          isLoadingOlder = false;
          changes.now();
        });
    },
    close() {
      stop.abort();
      changes.close();
    },
  };
}
