import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredEvent } from '../catalog/event.ts';
import { sizeOf } from '../catalog/size-of.ts';
import { valueKey } from '../catalog/value-key.ts';
import type { LogReader, ReadOptions, ReadResult, Span } from '../log/read/log-reader.ts';
import { raceAbort } from './race-abort.ts';

/** How long a page that was read is kept for others, in milliseconds. */
const KEEP_MS = 1_000;
/** How many bytes of memory kept pages may have together; see `sizeOf`. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** What an entry takes beside its events. */
const ENTRY_BYTES = 1_000;
/** Readers that start within so many positions of each other read the same page. */
const START_POSITIONS = 32;

export interface PageOptions extends Pick<ReadOptions, 'limit'> {
  filter: NonNullable<ReadOptions['filter']>;
  maxBytes: number;
  signal: AbortSignal;
  /** The reader has just come, so its place is like no other's. */
  isFirst: boolean;
}

export interface Page extends ReadResult {
  /** It was read for another reader, and cost the database nothing. */
  isShared: boolean;
  /** How many events the bytes had room for, where they were what ended it. */
  fitted: number | undefined;
}

/** Pages of the log for many readers at once; what several of them need is read once. */
export interface PageCache {
  /**
   * A page of a span, as `LogReader.read` gives it; perhaps a shorter one, and never an empty one
   * that has not been looked through. Undefined when the signal says that nobody waits.
   * @throws LogUnavailableError when the database cannot be reached
   */
  read(span: Span, options: PageOptions): Promise<Page | undefined>;
  /** Shares nothing any more of what was read, or is being read, until now. */
  invalidate(): void;
}

/** A page that is being read or was read lately. */
interface Entry {
  read: Promise<ReadResult>;
  /** The end of the span that it was looked for in. */
  upTo: number;
  readers: number;
  stop: AbortController;
  /** Zero until it has come. */
  sizeBytes: number;
}

/**
 * Makes the pages that the readers of a log share: after a deploy everybody comes back at once, at
 * nearly the same place. A page is shared while it is read and for a second more, within bounds.
 * Only what is equal in filter (with the rights in it), place and size is shared.
 *
 * First reads start a little earlier and end where pages of everybody end, so that who starts at
 * nearly the same place reads the same, and soon all are on the same pages.
 */
export function createPageCache(reader: LogReader): PageCache {
  const entries = new Map<string, Entry>();
  let keptBytes = 0;

  function drop(key: string, entry: Entry): void {
    if (entries.get(key) !== entry) return;
    entries.delete(key);
    keptBytes -= entry.sizeBytes;
  }

  function keep(key: string, entry: Entry, { events }: ReadResult): void {
    if (entries.get(key) !== entry) return;
    entry.sizeBytes = events.reduce((sum, event) => sum + sizeOf(event), ENTRY_BYTES);
    keptBytes += entry.sizeBytes;
    for (const [oldKey, old] of entries) {
      if (keptBytes <= MAX_KEPT_BYTES) break;
      if (old.sizeBytes > 0) drop(oldKey, old);
    }
    setTimeout(() => drop(key, entry), KEEP_MS).unref();
  }

  function start(key: string, span: Span, options: Omit<ReadOptions, 'signal'>): Entry {
    const stop = new AbortController();
    const read = reader.read(span, { ...options, signal: stop.signal });
    const entry: Entry = { read, upTo: span.upTo, readers: 0, stop, sizeBytes: 0 };
    entries.set(key, entry);
    read.then(
      (result) => keep(key, entry, result),
      () => drop(key, entry),
    );
    return entry;
  }

  async function readShared(
    span: Span,
    { filter, limit, maxBytes, signal }: PageOptions,
  ): Promise<Page | undefined> {
    // Its end is left out: a page that ends before it is one all the same.
    const key = valueKey({ filter, limit, maxBytes, after: span.after });
    const known = key === undefined ? undefined : entries.get(key);
    const entry = known ?? start(key ?? '', span, { filter, limit, maxBytes });
    if (key === undefined) drop('', entry);
    const leave = () => {
      entry.readers -= 1;
      // One that brings only what it has is for nobody else.
      if (entry.readers > 0) return;
      drop(key ?? '', entry);
      entry.stop.abort();
    };
    entry.readers += 1;
    signal.addEventListener('abort', leave, { once: true });
    try {
      const result = await raceAbort<ReadResult | undefined>(entry.read, signal, undefined);
      if (result === undefined) return undefined;
      // What is at hand at once must not keep the loop from its other work, page after page.
      if (known) await nextTurn();
      const { events, reached } = result;
      const { length } = events;
      const fitted = length > 0 && length < limit && reached < entry.upTo ? length : undefined;
      return { ...result, events: [...events], isShared: known !== undefined, fitted };
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  return {
    invalidate() {
      entries.clear();
      keptBytes = 0;
    },
    async read(span, options) {
      const { isFirst, limit, signal } = options;
      if (signal.aborted) return undefined;
      if (!isFirst) return readShared(span, options);
      const pageStart = span.after - (span.after % limit);
      const after = Math.max(pageStart, span.after - (span.after % START_POSITIONS));
      const upTo = Math.min(span.upTo, pageStart + limit);
      const page = await readShared({ after, upTo }, options);
      if (page === undefined) return undefined;
      // Large events: what is wanted lies behind that page.
      if (page.reached <= span.after) return readShared(span, options);
      return { ...page, ...behind(page, span.after) };
    },
  };
}

/** What of a page lies behind a place in it. */
function behind({ events, from }: ReadResult, after: number) {
  const wanted: StoredEvent[] = events.filter(({ position }) => position > after);
  return { events: wanted, from: Math.max(from, after) };
}
