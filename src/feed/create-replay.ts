import { setTimeout as wait } from 'node:timers/promises';
import { LogUnavailableError } from '../errors.ts';
import type { Filter } from '../log/filter.ts';
import type { ReadResult } from '../log/read.ts';
import type { Pace } from './create-pace.ts';
import type { SharedPages } from './share-pages.ts';

/** Pause before a log that cannot be read is read again, in milliseconds. */
const RETRY_MS = 500;

export interface ReplayOptions {
  pages: SharedPages;
  /** The last position that has been published. */
  head: () => number;
  /** How many events a page holds at most. */
  pageSize: number;
  /** How many bytes of memory they may take together. */
  maxBytes: number;
  pace: Pace | undefined;
}

/** One reader's way through the log, page after page. */
export interface Replay {
  /**
   * The next page behind a place. It may hold nothing, also because the log cannot be read at the
   * moment: then it is asked for again from the place that it reached.
   */
  read(after: number): Promise<ReadResult>;
  /** Reads the page behind a place already, if the log has one. */
  readAhead(after: number): void;
  /** Aborted by `end`. */
  readonly signal: AbortSignal;
  /** Lets go of what is under way. */
  end(): void;
}

/** Makes the way of one reader, at the pace of all and over the pages of all. */
export function createReplay(filter: Filter, options: ReplayOptions): Replay {
  const { pages, head, pageSize, maxBytes, pace } = options;
  const stop = new AbortController();
  const { signal } = stop;
  let limit = pageSize;
  let isFirst = true;
  let ahead: { after: number; page: Promise<ReadResult> } | undefined;

  /** A database that is away is waited for: the subscription stays and goes on from its place. */
  async function readPatiently(after: number): Promise<ReadResult> {
    const nothing = { events: [], reached: after, from: after };
    const settle = await pace?.(pageSize, signal);
    if (signal.aborted) return nothing;
    let found = 0;
    try {
      const wanted = { filter, limit, maxBytes, signal, isFirst };
      const page = await pages.read({ after, upTo: head() }, wanted);
      if (page === undefined) return nothing;
      isFirst = false;
      if (!page.isShared) found = page.events.length;
      // Of large events the database would send many that do not fit, over and over.
      limit = Math.min(pageSize, 2 * (page.fitted ?? limit));
      return page;
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      return nothing;
    } finally {
      settle?.(found);
    }
  }

  return {
    read(after) {
      const page = ahead?.after === after ? ahead.page : readPatiently(after);
      ahead = undefined;
      return page;
    },
    readAhead(after) {
      if (after >= head()) return;
      const page = readPatiently(after);
      // Whoever asks for it is told; perhaps nobody does.
      page.catch(() => undefined);
      ahead = { after, page };
    },
    signal,
    end: () => stop.abort(),
  };
}
