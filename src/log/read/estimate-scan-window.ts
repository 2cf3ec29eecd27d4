import { hash } from 'node:crypto';
import { type Filter, toQuery } from './filter.ts';

/** Positions that the first window of a walk covers when nothing is known of the filter. */
const FIRST_WINDOW = 256;
/** The same where one user or one installation is meant: what they did is little, and lies together. */
const FIRST_WINDOW_OF_ONE = 32_768;
/** No window begins wider, whatever is known. */
const MAX_FIRST_WINDOW = 1_048_576;
/** How much wider the next window is when nothing was found, and how much wider it gets at most. */
const WIDENING = 8;
const MAX_WIDENING = 64;
/** Windows are wider than what is looked for should take: it comes in bursts. */
const SLACK = 2;
/** Filters whose gaps are kept; the one that was read first is forgotten first. */
const MAX_FILTERS = 5_000;
/** The filter of a longer query is not kept. Unit: characters. */
const MAX_LENGTH = 512;

/** The windows of one walk through a span. Unit: positions. */
export interface Windows {
  /** How wide the next one is, to find so many more. */
  next(wanted: number): number;
  /** How many events the last one brought, and how many positions were looked through for them. */
  found(events: number, positions: number): void;
}

/**
 * Guesses how much of the log holds a page. Each query asks for a closed range of positions: too
 * small a one is asked for in vain, and one that is too large makes the servers work that do not
 * stop at a limit. How far apart the events of a filter lie is remembered from what was read last,
 * so that who goes on through pages gets each by one query.
 */
export function createScanWindowEstimator(): (filter: Filter) => Windows {
  const gaps = new Map<string, number>();

  function remember(key: string, gap: number): void {
    gaps.delete(key);
    gaps.set(key, gap);
    if (gaps.size > MAX_FILTERS) gaps.delete(gaps.keys().next().value ?? '');
  }

  return (filter) => {
    const query = JSON.stringify(toQuery(filter));
    if (query === '{}') return { next: (wanted) => wanted, found: () => undefined };
    // It may name a user, who may be erased while this is kept.
    const key = isEven(filter, query) ? hash('sha256', query, 'base64') : undefined;
    let window = 0;
    let events = 0;
    let positions = 0;
    let last = 0;

    function first(wanted: number): number {
      const gap = key === undefined ? undefined : gaps.get(key);
      if (gap === undefined) return isOfOne(filter) ? FIRST_WINDOW_OF_ONE : FIRST_WINDOW;
      return Math.min(Math.ceil(wanted * gap * SLACK), MAX_FIRST_WINDOW);
    }

    function following(wanted: number): number {
      if (last === 0) return window * WIDENING;
      const likely = Math.ceil((wanted * positions * SLACK) / events);
      return Math.min(Math.max(likely, window), window * MAX_WIDENING);
    }

    return {
      next(wanted) {
        window = window === 0 ? first(wanted) : following(wanted);
        return window;
      },
      found(count, through) {
        events += count;
        positions += Math.max(through, 0);
        last = count;
        if (key !== undefined && events > 0) remember(key, Math.max(positions / events, 1));
      },
    };
  };
}

/** A span of time lies together in the log: where it begins, what was learnt outside says nothing. */
function isEven({ occurredOn, receivedAt }: Filter, query: string): boolean {
  return occurredOn === undefined && receivedAt === undefined && query.length <= MAX_LENGTH;
}

function isOfOne({ userIds, installationIds }: Filter): boolean {
  return userIds?.length === 1 || installationIds?.length === 1;
}
