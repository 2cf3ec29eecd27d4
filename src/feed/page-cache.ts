import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredEvent } from '../catalog/event.ts';
import { sizeOf } from '../catalog/size-of.ts';
import { valueKey } from '../catalog/value-key.ts';
import type { LogReader, ReadOptions, ReadResult, Span } from '../log/read/log-reader.ts';
import type { MemoryBudget, OperationMemory } from '../memory/memory-budget.ts';
import { createSharedUse, type SharedUse } from '../memory/shared-use.ts';
import { raceAbort } from './race-abort.ts';

/** How long a page is kept for other readers, in milliseconds. */
const KEEP_MS = 1_000;
/** Maximum bytes of all kept pages; see `sizeOf`. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** Size of an entry without its events, in bytes. */
const ENTRY_BYTES = 1_000;
/** Readers that start within this many positions of each other read the same page. */
const START_POSITIONS = 32;

export interface PageOptions extends Pick<ReadOptions, 'limit'> {
  filter: NonNullable<ReadOptions['filter']>;
  maxBytes: number;
  signal: AbortSignal;
  /** The viewer who pays for the memory of a page that is read for them. */
  viewer?: string | undefined;
  /** Called when others need the memory: the page must be released soon. */
  onReclaim?: () => void;
  /** The reader has just subscribed, so its position differs from all others. */
  isFirst: boolean;
}

export interface Page extends ReadResult {
  /** The page was read for another reader and cost the database nothing. */
  isShared: boolean;
  /** How many events fitted into the byte limit, if that limit ended the page. */
  fitted: number | undefined;
  /** To be called when the reader no longer holds the events. */
  release: () => void;
}

/** Reads pages of the log for many readers; a page that several need is read once. */
export interface PageCache {
  /**
   * Returns a page of a span as `LogReader.read` does. It may be shorter, but it is never empty
   * unless the span was searched. Returns undefined when the signal was aborted.
   * @throws LogUnavailableError when the database cannot be reached
   */
  read(span: Span, options: PageOptions): Promise<Page | undefined>;
  /** Stops sharing all pages that have been read or are being read. */
  invalidate(): void;
}

interface Measured {
  result: ReadResult;
  sizeBytes: number;
}

/** A page that is being read or was read recently. */
interface Entry {
  read: Promise<Measured>;
  /** The end of the span that was searched. */
  upTo: number;
  /** Those that wait for the page or hold its events. */
  readers: SharedUse;
  /** What the page takes of the memory of all queries and replays. */
  memory: OperationMemory | undefined;
  stop: AbortController;
  /** Zero until the page has arrived. */
  sizeBytes: number;
}

/**
 * Creates the page cache of a log. After a deploy all clients reconnect at once, at nearly the same
 * position. A page is shared while it is being read and for one second more, within bounds, among
 * readers with the same filter (which includes their rights), span and size.
 *
 * A first read starts a little earlier, at a multiple of `START_POSITIONS`, so that readers with
 * nearly the same position use the same page and then stay on the same pages.
 */
export function createPageCache(reader: LogReader, budget?: MemoryBudget): PageCache {
  const entries = new Map<string, Entry>();
  let keptBytes = 0;

  function drop(key: string, entry: Entry): void {
    if (entries.get(key) !== entry) return;
    entries.delete(key);
    keptBytes -= entry.sizeBytes;
    if (entry.readers.size() === 0) entry.memory?.release();
  }

  function keep(key: string, entry: Entry, sizeBytes: number): void {
    entry.memory?.complete();
    if (entries.get(key) !== entry) return;
    entry.sizeBytes = sizeBytes;
    keptBytes += sizeBytes;
    for (const [oldKey, old] of entries) {
      if (keptBytes <= MAX_KEPT_BYTES) break;
      if (old.sizeBytes > 0) drop(oldKey, old);
    }
    setTimeout(() => drop(key, entry), KEEP_MS).unref();
  }

  /** Begins to read a page, with memory reserved before; it waits for memory as long as it must. */
  function start(key: string, span: Span, options: PageOptions): Entry {
    const { filter, limit, maxBytes, viewer } = options;
    const stop = new AbortController();
    const readers = createSharedUse(() => {
      // No reader waits for the page any more.
      if (entry.sizeBytes === 0) {
        drop(key, entry);
        stop.abort();
      }
      if (entries.get(key) === entry) entry.memory?.setSpare(true);
      else entry.memory?.release();
    });
    const memory = budget?.open({
      viewer,
      reclaim() {
        readers.reclaim();
        drop(key, entry);
      },
    });
    memory?.waitForever();
    async function read(): Promise<Measured> {
      const bounded = { filter, limit, maxBytes, signal: stop.signal };
      const result = await reader.read(span, { ...bounded, isPublished: true });
      return { result, sizeBytes: sizeOfPage(result) };
    }
    const entry: Entry = {
      ...{ readers, memory, stop, upTo: span.upTo, sizeBytes: 0 },
      read: memory ? memory.read(read, ({ sizeBytes }) => sizeBytes, maxBytes) : read(),
    };
    entries.set(key, entry);
    entry.read.then(
      ({ sizeBytes }) => keep(key, entry, sizeBytes),
      () => drop(key, entry),
    );
    return entry;
  }

  async function readShared(span: Span, options: PageOptions): Promise<Page | undefined> {
    const { filter, limit, maxBytes, signal, onReclaim } = options;
    // The key omits the end of the span: a page that ends before it is a valid page all the same. The
    // page of an empty span is not: its readers would not get on until it is dropped.
    const isShareable = span.upTo > span.after;
    const key = isShareable ? valueKey({ filter, limit, maxBytes, after: span.after }) : undefined;
    const known = key === undefined ? undefined : entries.get(key);
    const entry = known ?? start(key ?? '', span, options);
    entry.memory?.setSpare(false);
    const endUse = entry.readers.begin(onReclaim);
    function release(): void {
      signal.removeEventListener('abort', release);
      endUse();
    }
    signal.addEventListener('abort', release);
    if (key === undefined) drop('', entry);
    try {
      const measured = await raceAbort<Measured | undefined>(entry.read, signal, undefined);
      if (measured === undefined) return undefined;
      // Yield to the event loop between pages that need no I/O.
      if (known) await nextTurn();
      const { result } = measured;
      const { events, reached } = result;
      const { length } = events;
      const fitted = length > 0 && length < limit && reached < entry.upTo ? length : undefined;
      return { ...result, events: [...events], isShared: known !== undefined, fitted, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    invalidate() {
      for (const [key, entry] of entries) drop(key, entry);
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
      // With large events the shared page may end before the reader's own position.
      if (page.reached <= span.after) {
        page.release();
        return readShared(span, options);
      }
      return { ...page, ...behind(page, span.after) };
    },
  };
}

function sizeOfPage({ events }: ReadResult): number {
  return events.reduce((sum, event) => sum + sizeOf(event), ENTRY_BYTES);
}

/** The part of a page after a position within it. */
function behind({ events, from }: ReadResult, after: number) {
  const later: StoredEvent[] = events.filter(({ position }) => position > after);
  return { events: later, from: Math.max(from, after) };
}
