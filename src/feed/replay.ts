import { setTimeout as wait } from 'node:timers/promises';
import { LogUnavailableError } from '../errors.ts';
import type { Filter } from '../log/read/filter.ts';
import type { ReadResult } from '../log/read/log-reader.ts';
import type { PageCache } from './page-cache.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { StuckReplays } from './stuck-replays.ts';

/** Pause before a failed read of the log is retried, in milliseconds. */
const RETRY_MS = 500;
/** Number of failures in a row after which a replay is reported: some ten seconds. */
const STUCK_AFTER = 20;

export interface ReplayOptions {
  pages: PageCache;
  /** The last published position. */
  head: () => number;
  /** Maximum events per page. */
  pageSize: number;
  /** Maximum bytes per page; see `sizeOf`. */
  maxBytes: number;
  rateLimiter: RateLimiter | undefined;
  /**
   * Called with the number of events in each page; `isShared`: the page was read for another
   * reader.
   */
  onReplayed?: ((events: number, isShared: boolean) => void) | undefined;
  stuck?: StuckReplays | undefined;
  /** Pause before a failed read is retried, in milliseconds. */
  retryMs?: number | undefined;
}

export interface ReplayPage extends ReadResult {
  /** To be called when the events are no longer held. */
  release: () => void;
  /** The page reaches the head of the log as it was when the read started. */
  isLast: boolean;
}

export interface ReplayRequest {
  filter: Filter;
  /** The viewer who pays for the memory of pages. */
  viewer?: string | undefined;
}

/** One reader's pages of the log. */
export interface Replay {
  /**
   * Returns the next page after a position. It may be empty, also when the log cannot be read at
   * the moment; the caller then reads again from the position it reached.
   */
  read(after: number): Promise<ReplayPage>;
  /** Starts to read the page after a position if the log has one. */
  readAhead(after: number): void;
  /** Discards the page that was read ahead. */
  invalidate(): void;
  /** Runs work that needs the database; retries with pauses while the database is unavailable. */
  withRetries<T>(work: () => Promise<T>, otherwise: T): Promise<T>;
  /** Aborts pending reads. */
  end(): void;
}

/**
 * Creates the replay of one reader, which shares the rate limiter and the page cache with the
 * others.
 *
 * @param onReclaim called when others need the memory of its pages: they must be released soon
 */
export function createReplay(
  { filter, viewer }: ReplayRequest,
  options: ReplayOptions,
  onReclaim: () => void,
): Replay {
  const { pages, head, pageSize, maxBytes, rateLimiter, onReplayed } = options;
  const { stuck, retryMs = RETRY_MS } = options;
  const stop = new AbortController();
  const { signal } = stop;
  let limit = pageSize;
  let isFirst = true;
  let failures = 0;
  let ahead: { after: number; page: Promise<ReplayPage> } | undefined;

  /** The subscription survives an unavailable database and resumes where it stopped. */
  async function withRetries<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      const result = await work();
      failures = 0;
      stuck?.delete(signal);
      return result;
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      failures += 1;
      if (failures === STUCK_AFTER && !signal.aborted) stuck?.add(signal, error);
      await wait(retryMs, undefined, { signal }).catch(() => undefined);
      return otherwise;
    }
  }

  async function readPage(after: number): Promise<ReplayPage> {
    const release = () => undefined;
    const nothing = { events: [], reached: after, from: after, isLast: false, release };
    const settle = await rateLimiter?.(pageSize, signal);
    let found = 0;
    try {
      if (signal.aborted) return nothing;
      const options = { filter, limit, maxBytes, signal, viewer, onReclaim, isFirst };
      const upTo = head();
      const page = await withRetries(() => pages.read({ after, upTo }, options), undefined);
      if (page === undefined) return nothing;
      isFirst = false;
      if (!page.isShared) found = page.events.length;
      onReplayed?.(page.events.length, page.isShared);
      // Large events: avoid reading many that do not fit into the page.
      limit = Math.min(pageSize, 2 * (page.fitted ?? limit));
      return { ...page, isLast: page.reached >= upTo };
    } finally {
      settle?.(found);
    }
  }

  function invalidate(): void {
    ahead?.page.then(
      ({ release }) => release(),
      () => undefined,
    );
    ahead = undefined;
  }

  return {
    read(after) {
      if (ahead?.after !== after) invalidate();
      const page = ahead?.page ?? readPage(after);
      ahead = undefined;
      return page;
    },
    readAhead(after) {
      if (after >= head() || ahead?.after === after) return;
      invalidate();
      const page = readPage(after);
      // The error surfaces when the page is used; it may never be.
      page.catch(() => undefined);
      ahead = { after, page };
    },
    invalidate,
    withRetries,
    end() {
      stop.abort();
      stuck?.delete(signal);
    },
  };
}
