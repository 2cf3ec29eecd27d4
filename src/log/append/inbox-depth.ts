import type { InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { Clock } from './clock.ts';

/** Maximum entries of the inbox; further deliveries are refused. */
const MAX_INBOX_EVENTS = 50_000;
/** Interval between counts, with and without entries, in milliseconds. */
const BUSY_MS = 1_000;
const IDLE_MS = 15_000;

/** The size of the inbox, as this instance sees it. */
export interface InboxDepth {
  /** Number of entries, including those moved within the last second or two. */
  events(): number;
  /**
   * How long this instance has seen the same first entry, in milliseconds. It uses one machine's
   * clock only.
   */
  ageMs(): number;
  isFull(): boolean;
  /** Called when this instance has inserted this many entries. */
  onAccepted(events: number): void;
  close(): Promise<void>;
}

/** Counts the inbox about once a second while it is used, and rarely otherwise. */
export function createInboxDepth(
  inbox: Collection<InboxDocument>,
  { clock, maxEvents = MAX_INBOX_EVENTS }: { clock: Clock; maxEvents?: number | undefined },
): InboxDepth {
  let isStopped = false;
  let events = 0;
  let accepted = 0;
  let first: { id: string; sinceMs: number } | undefined;
  let wake = new AbortController();

  async function readDepth(): Promise<void> {
    const before = accepted;
    const count = await inbox.estimatedDocumentCount();
    const found = count === 0 ? null : await inbox.findOne({}, { projection: { _id: 1 } });
    // Those inserted meanwhile may be counted twice until the next count, but never left out.
    events = count + accepted - before;
    // Written by hand, it may have any type.
    const id = found && JSON.stringify(found._id);
    if (id === null) first = undefined;
    else if (first?.id !== id) first = { id, sinceMs: clock.nowMs() };
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      // While the database does not answer, the last figure is kept.
      await readDepth().catch(() => undefined);
      if (isStopped) return;
      wake = new AbortController();
      const delayMs = events > 0 ? BUSY_MS : IDLE_MS;
      await clock.wait(delayMs, wake.signal);
    }
  }

  const running = run();
  return {
    events: () => events,
    ageMs: () => (first === undefined ? 0 : clock.nowMs() - first.sinceMs),
    isFull: () => events >= maxEvents,
    onAccepted(added) {
      const wasEmpty = events === 0;
      events += added;
      accepted += added;
      if (wasEmpty) wake.abort();
    },
    async close() {
      isStopped = true;
      wake.abort();
      await running;
    },
  };
}
