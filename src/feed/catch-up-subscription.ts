import type { StoredEvent } from '../catalog/event.ts';
import { isEmpty, toPredicate } from '../log/read/filter.ts';
import type { LogState } from '../log/state/log-state.ts';
import type { BoundedQueue } from './bounded-queue.ts';
import type { PubSub } from './pubsub.ts';
import { createReplay, type Replay, type ReplayOptions, type ReplayRequest } from './replay.ts';
import type { FeedItem, Source, SourceEnd } from './source.ts';
import { topicsFor } from './topics.ts';

export interface CatchUpSubscriptionOptions extends ReplayOptions {
  pubsub: PubSub<StoredEvent>;
  /**
   * Creates the error of a subscription whose cursor was removed by retention; receives the last
   * removed position.
   */
  expired: (removedUpTo: number) => Error;
  /** Absent where no user can have been erased. */
  logState?: Pick<LogState, 'epoch' | 'isFresh' | 'ensureFresh'> | undefined;
}

export interface SubscriptionRequest extends ReplayRequest {
  /** The position after which the subscription starts. */
  after: number;
  /** Adds one `CaughtUp` where the subscription first reaches the head of the log. */
  isMarked: boolean;
  /** Called once when the subscription has ended, for any reason. */
  onEnd: () => void;
}

/**
 * A catch-up subscription: it reads the log while behind and takes events from the topics once
 * caught up. It has the matching events after a position, in order, each once.
 *
 * It joins the topics before its last read of the log and drops the events that this read returned
 * as well. Joining after the read would never succeed while the log grows during every read.
 *
 * Every new erasure discards what is read and queued. An event may therefore be delivered as long as
 * the log's state is fresh; otherwise it is refreshed first.
 */
export class CatchUpSubscription implements Source {
  readonly #options: CatchUpSubscriptionOptions;
  readonly #request: SubscriptionRequest;
  readonly #matches: (event: StoredEvent) => boolean;
  /** Matching events up to this position are delivered, or in the page. */
  #seen: number;
  /** Events that were read and not delivered. */
  #page: StoredEvent[] = [];
  /** Gives back the memory of the page. */
  #releasePage: (() => void) | undefined;
  /** The next page is read ahead when this many events of the current one are left. */
  #nextPageAt = 0;
  /**
   * Events published since the topics were joined; positions up to `joinedAt` come from the log.
   */
  #live: BoundedQueue<StoredEvent> | undefined;
  #joinedAt = 0;
  /** The subscription is so close to the head that its next read is probably the last. */
  #isClose = false;
  #isMarked: boolean;
  /** Created on first use: most subscriptions are live most of the time. */
  #replay: Replay | undefined;
  /** The log or its state is being read. */
  #isReading = false;
  #end: SourceEnd | undefined;
  #onReadable: () => void = () => undefined;

  constructor(request: SubscriptionRequest, options: CatchUpSubscriptionOptions) {
    this.#request = request;
    this.#options = options;
    this.#matches = toPredicate(request.filter);
    this.#seen = request.after;
    this.#isMarked = request.isMarked;
    // Live from now on, even before the first `peek`.
    if (this.#seen >= options.head()) this.#join();
  }

  get end(): SourceEnd | undefined {
    return this.#end;
  }

  onReadable(callback: () => void): void {
    this.#onReadable = callback;
  }

  peek(): FeedItem | undefined {
    if (this.#end) return undefined;
    const { logState } = this.#options;
    const item = this.#first();
    if (item === undefined || logState === undefined || logState.isFresh()) return item;
    this.#read(async () => {
      await this.#getReplay().withRetries(() => logState.ensureFresh(), undefined);
    });
    return undefined;
  }

  shift(): void {
    if (this.#page.length > 0) this.#shiftPage();
    else if (this.#isMarked) this.#isMarked = false;
    else this.#seen = this.#live?.shift()?.position ?? this.#seen;
  }

  close(): void {
    this.#finish({});
  }

  /** Ends unless it has passed this position: events up to it were removed unpublished. */
  expire(removedUpTo: number): void {
    if (this.#seen < removedUpTo) this.#finish({ error: this.#options.expired(removedUpTo) });
  }

  /** Discards all buffered copies of events after an erasure; the log has the erased forms. */
  invalidate(): void {
    this.#dropPages();
    const wasCaughtUp = this.#isCaughtUp();
    const missed = this.#live?.drop();
    // An empty queue stays open: events that arrive now are already in their erased form.
    if (missed === undefined) return;
    if (wasCaughtUp) this.#seen = Math.max(this.#seen, missed.position - 1);
    this.#live = undefined;
  }

  /** The first item, whether fresh or not. Without one, the log is read, or an event is awaited. */
  #first(): FeedItem | undefined {
    if (this.#page.length > 0) {
      // The consumer asks for the second half: it will soon need the next page.
      if (this.#page.length === this.#nextPageAt && !this.#isCaughtUp()) {
        this.#replay?.readAhead(this.#seen);
      }
      return this.#page[0];
    }
    if (this.#live === undefined && (this.#isClose || this.#seen >= this.#options.head())) {
      this.#join();
    }
    if (this.#live && this.#isCaughtUp()) {
      if (this.#isMarked) return { caughtUpAt: this.#seen };
      const event = this.#firstLive(this.#live);
      if (event || !this.#live.hasEnded) return event;
      this.#fallBehind(this.#live);
    }
    this.#read(() => this.#readPage());
    return undefined;
  }

  #firstLive(live: BoundedQueue<StoredEvent>): StoredEvent | undefined {
    for (let event = live.peek(); event; event = live.peek()) {
      if (event.position > this.#seen && this.#matches(event)) return event;
      live.shift();
    }
    return undefined;
  }

  #join(): void {
    const { pubsub, head } = this.#options;
    const { filter } = this.#request;
    this.#joinedAt = head();
    this.#live = pubsub.subscribe(isEmpty(filter) ? [] : topicsFor(filter), () =>
      this.#onReadable(),
    );
  }

  /** The live queue holds everything that is still missing. */
  #isCaughtUp(): boolean {
    return this.#live !== undefined && this.#seen >= this.#joinedAt;
  }

  /**
   * The queue overflowed, so the missed events are read from the log. All matching events before
   * the first missed one have been delivered, however old that one is.
   */
  #fallBehind(live: BoundedQueue<StoredEvent>): void {
    this.#seen = Math.max(this.#seen, (live.refused?.position ?? 0) - 1);
    this.#live = undefined;
    this.#isClose = false;
  }

  /** Does one read at a time; the consumer looks again after it. */
  #read(read: () => Promise<void>): void {
    if (this.#isReading) return;
    this.#isReading = true;
    void read()
      .catch((error) => this.#finish({ error }))
      .then(() => {
        this.#isReading = false;
        this.#onReadable();
      });
  }

  async #readPage(): Promise<void> {
    const { logState, expired } = this.#options;
    const epoch = logState?.epoch();
    const { events, reached, from, isLast, release } = await this.#getReplay().read(this.#seen);
    if (this.#end || logState?.epoch() !== epoch) return release();
    if (from > this.#seen) throw expired(from);
    this.#seen = reached;
    this.#isClose = isLast;
    this.#page = events;
    this.#releasePage = release;
    if (events.length === 0) release();
    this.#nextPageAt = events.length >> 1;
  }

  #shiftPage(): void {
    this.#page.shift();
    if (this.#page.length === 0) this.#releasePage?.();
  }

  /** Discards what was read but not delivered; it is read again. */
  #dropPages(): void {
    const [first] = this.#page;
    this.#page = [];
    this.#releasePage?.();
    if (first) this.#seen = first.position - 1;
    this.#replay?.invalidate();
  }

  #getReplay(): Replay {
    this.#replay ??= createReplay(this.#request, this.#options, () => this.#dropPages());
    return this.#replay;
  }

  #finish(end: SourceEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#page = [];
    this.#replay?.end();
    this.#live?.end();
    this.#request.onEnd();
    this.#onReadable();
  }
}
