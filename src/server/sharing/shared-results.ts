import type { StoredEvent } from '../../catalog/event.ts';

/** How long a result is kept for other readers of the same event, in milliseconds. */
const KEEP_MS = 1_000;
/** Maximum bytes of all kept results; a single one may be larger. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;
/** Size of an entry without its text, in bytes. */
const ENTRY_BYTES = 200;

/** The serialised results of one group by event. */
export type Texts = Map<StoredEvent, Buffer | undefined>;

/**
 * Keeps results for subscriptions that reach the same event slightly later, usually within the same
 * turn of the event loop. All groups share one bound and one timer.
 */
export interface SharedResults {
  /** Keeps a text, or the fact that the result cannot be shared. */
  keep(texts: Texts, event: StoredEvent, text: Buffer | undefined): void;
  /** Discards all kept results. */
  invalidate(): void;
}

/** Creates the store; each group has its own texts and looks them up itself. */
export function createSharedResults(): SharedResults {
  let kept: { texts: Texts; event: StoredEvent; sizeBytes: number }[] = [];
  let dropped = 0;
  let keptBytes = 0;
  let isTimed = false;

  function dropFirst(): void {
    const first = kept[dropped];
    if (first === undefined) return;
    first.texts.delete(first.event);
    keptBytes -= first.sizeBytes;
    dropped += 1;
    if (dropped < 1_000 || dropped * 2 < kept.length) return;
    kept = kept.slice(dropped);
    dropped = 0;
  }

  function invalidate(): void {
    for (const { texts, event } of kept) texts.delete(event);
    kept = [];
    dropped = 0;
    keptBytes = 0;
  }

  return {
    keep(texts, event, text) {
      const sizeBytes = ENTRY_BYTES + (text?.length ?? 0);
      while (keptBytes > 0 && keptBytes + sizeBytes > MAX_KEPT_BYTES) dropFirst();
      texts.set(event, text);
      kept.push({ texts, event, sizeBytes });
      keptBytes += sizeBytes;
      if (isTimed) return;
      isTimed = true;
      setTimeout(() => {
        isTimed = false;
        invalidate();
      }, KEEP_MS).unref();
    },
    invalidate,
  };
}
