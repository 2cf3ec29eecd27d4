import { setTimeout as wait } from 'node:timers/promises';
import type { StoredEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import type { Filter } from '../log/read/filter.ts';
import type { LogReader, ReadResult } from '../log/read/log-reader.ts';
import type { PageCache } from './page-cache.ts';
import { raceAbort } from './race-abort.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Pause before a log that cannot be read is read again, in milliseconds. */
const RETRY_MS = 500;

export interface ReplayOptions {
  reader: LogReader;
  pages: PageCache;
  /** The last position that has been published. */
  head: () => number;
  /** How many events a page holds at most. */
  pageSize: number;
  /** How many bytes of memory they may take together. */
  maxBytes: number;
  pace: RateLimiter | undefined;
  /** Told how many events a page brought; shared: it was read for another. */
  onReplayed?: ((events: number, isShared: boolean) => void) | undefined;
}

export interface ReplayPage extends ReadResult {
  /** It was looked for as far as the log went when the read began, and all of that is in it. */
  isLast: boolean;
}

/** One reader's way through the log, page after page. */
export interface Replay {
  /**
   * The next page behind a place. It may hold nothing, also because the log cannot be read at the
   * moment: then it is asked for again from the place that it reached.
   */
  read(after: number): Promise<ReplayPage>;
  /** Reads the page behind a place already, if the log has one. */
  readAhead(after: number): void;
  /** Lets go of what was read ahead. */
  invalidate(): void;
  /** What stands at a position, if it is wanted; undefined as well when nobody waits any more. */
  readAgain(position: number): Promise<StoredEvent | undefined>;
  /** Does work that needs the database, after a pause again for as long as that is away. */
  patiently<T>(work: () => Promise<T>, otherwise: T): Promise<T>;
  /** Aborted by `end`. */
  readonly signal: AbortSignal;
  /** Lets go of what is under way. */
  end(): void;
}

/** Makes the way of one reader, at the pace of all and over the pages of all. */
export function createReplay(filter: Filter, options: ReplayOptions): Replay {
  const { reader, pages, head, pageSize, maxBytes, pace, onReplayed } = options;
  const stop = new AbortController();
  const { signal } = stop;
  let limit = pageSize;
  let isFirst = true;
  let ahead: { after: number; page: Promise<ReplayPage> } | undefined;

  /** A database that is away is waited for: the subscription stays and goes on from its place. */
  async function patiently<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await raceAbort(work(), signal, otherwise);
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      return otherwise;
    }
  }

  async function readPage(after: number): Promise<ReplayPage> {
    const nothing = { events: [], reached: after, from: after, isLast: false };
    const settle = await pace?.(pageSize, signal);
    if (signal.aborted) return nothing;
    let found = 0;
    try {
      const wanted = { filter, limit, maxBytes, signal, isFirst };
      const upTo = head();
      const page = await patiently(() => pages.read({ after, upTo }, wanted), undefined);
      if (page === undefined) return nothing;
      isFirst = false;
      if (!page.isShared) found = page.events.length;
      onReplayed?.(page.events.length, page.isShared);
      // Of large events the database would send many that do not fit, over and over.
      limit = Math.min(pageSize, 2 * (page.fitted ?? limit));
      return { ...page, isLast: page.reached >= upTo };
    } finally {
      settle?.(found);
    }
  }

  return {
    read(after) {
      const page = ahead?.after === after ? ahead.page : readPage(after);
      ahead = undefined;
      return page;
    },
    readAhead(after) {
      if (after >= head()) return;
      const page = readPage(after);
      // Whoever asks for it is told; perhaps nobody does.
      page.catch(() => undefined);
      ahead = { after, page };
    },
    invalidate() {
      ahead = undefined;
    },
    async readAgain(position) {
      const span = { after: position - 1, upTo: position };
      const nothing = { events: [], reached: span.after, from: span.after };
      for (let { reached } = nothing; reached < span.upTo && !signal.aborted; ) {
        const work = () => reader.read(span, { filter, limit: 1, maxBytes, signal });
        const { events, from, ...read } = await patiently<ReadResult>(work, nothing);
        if (events.length > 0) return events[0];
        reached = Math.max(read.reached, from);
      }
      return undefined;
    },
    patiently,
    signal,
    end: () => stop.abort(),
  };
}
