import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Filter, toQuery } from './filter.ts';

/** First window in positions when nothing is known of the filter. */
const FIRST_WINDOW = 256;
/** First window for a single user or installation: their events are few and close together. */
const FIRST_WINDOW_OF_ONE = 32_768;
/**
 * Upper bound of every window: a query that finds nothing in it ends well within `maxTimeMS`, however
 * long the log is.
 */
const MAX_WINDOW = 262_144;
/** Growth of the next window when nothing was found, and its upper bound. */
const WIDENING = 8;
const MAX_WIDENING = 64;
/** Windows are larger than the estimate: events arrive in bursts. */
const SLACK = 2;
/** Maximum number of remembered filters. */
const MAX_FILTERS = 5_000;
/** Filters with longer queries are not remembered. Unit: characters. */
const MAX_LENGTH = 512;

/** The windows of one search. Unit: positions. */
export interface Windows {
  /** Returns the size of the next window, in which to find `count` events. */
  next(count: number): number;
  /** Reports how many events the last window contained, and how many positions it covered. */
  found(events: number, positions: number): void;
}

/**
 * Estimates the window of positions that contains a page. Each query is a closed range: too small a
 * window finds nothing, too large a one is expensive on servers that do not stop at a limit.
 * The distance between a filter's events is remembered from earlier reads, so that later pages need
 * one query each.
 */
export function createScanWindowEstimator(): (filter: Filter) => Windows {
  const gaps = new LRUCache<string, number>({ max: MAX_FILTERS });

  return (filter) => {
    const query = JSON.stringify(toQuery(filter));
    if (query === '{}') return { next: (count) => count, found: () => undefined };
    // The query may contain a user id, and that user may be erased while this is cached.
    const key = isEven(filter, query) ? hash('sha256', query, 'base64') : undefined;
    let window = 0;
    let events = 0;
    let positions = 0;
    let last = 0;

    function first(count: number): number {
      const gap = key === undefined ? undefined : gaps.get(key);
      if (gap === undefined) return isOfOne(filter) ? FIRST_WINDOW_OF_ONE : FIRST_WINDOW;
      return Math.ceil(count * gap * SLACK);
    }

    function following(count: number): number {
      if (last === 0) return window * WIDENING;
      const likely = Math.ceil((count * positions * SLACK) / events);
      return Math.min(Math.max(likely, window), window * MAX_WIDENING);
    }

    return {
      next(count) {
        window = Math.min(window === 0 ? first(count) : following(count), MAX_WINDOW);
        return window;
      },
      found(count, through) {
        events += count;
        positions += Math.max(through, 0);
        last = count;
        if (key !== undefined && events > 0) gaps.set(key, Math.max(positions / events, 1));
      },
    };
  };
}

/** Events of a time range are close together, so a distance measured outside it does not apply. */
function isEven({ occurredOn, receivedAt }: Filter, query: string): boolean {
  return occurredOn === undefined && receivedAt === undefined && query.length <= MAX_LENGTH;
}

function isOfOne({ userIds, installationIds }: Filter): boolean {
  return userIds?.length === 1 || installationIds?.length === 1;
}
