import type { StoredEvent } from '../../catalog/event.ts';

/** How long what was made is kept for others at the same place, in milliseconds. */
const KEEP_MS = 1_000;
/** How many bytes all of it may have together, whoever made it; one text alone may have more. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;
/** What an entry takes beside its text. */
const ENTRY_BYTES = 200;

/** The texts of one group's results, each by the event itself. */
export type Texts = Map<StoredEvent, Buffer | undefined>;

/**
 * What was made for some, kept for those who come to the same event a little later: mostly within
 * the same turn of the loop. One bound and one timer hold for all groups together.
 */
export interface SharedResults {
  /** Keeps a text, or that there is none to be shared. */
  keep(texts: Texts, event: StoredEvent, text: Buffer | undefined): void;
  /** Keeps nothing any more of what was made until now. */
  forget(): void;
}

/** Makes the store; each group has texts of its own, and asks for them itself. */
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

  function forget(): void {
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
        forget();
      }, KEEP_MS).unref();
    },
    forget,
  };
}
