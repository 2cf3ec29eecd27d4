import type { InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { Clock } from './clock.ts';

/** How many entries the inbox holds before deliveries are refused. */
export const MAX_INBOX_EVENTS = 50_000;
/** Between two looks while there are entries, and while there are none, in milliseconds. */
const BUSY_MS = 1_000;
const IDLE_MS = 15_000;

/** How much waits in the inbox, as this instance sees it. */
export interface InboxDepth {
  /** Entries, with those that were moved within the last second or two. */
  events(): number;
  /**
   * For how long this instance has seen the same entry as the first one, in milliseconds: no clocks
   * of two machines are compared.
   */
  ageMs(): number;
  isFull(): boolean;
  /** Called when this instance has inserted so many entries. */
  onAccepted(events: number): void;
  close(): Promise<void>;
}

/** Looks at the inbox about once a second while it is used, and seldom else. */
export function createInboxDepth(
  inbox: Collection<InboxDocument>,
  { clock, maxEvents = MAX_INBOX_EVENTS }: { clock: Clock; maxEvents?: number | undefined },
): InboxDepth {
  const stop = new AbortController();
  let events = 0;
  let first: { id: string; sinceMs: number } | undefined;
  let wake = new AbortController();

  async function look(): Promise<void> {
    const count = await inbox.estimatedDocumentCount();
    const found = count === 0 ? null : await inbox.findOne({}, { projection: { _id: 1 } });
    // What was inserted here during the look is counted by the next one.
    events = count;
    const id = found && Buffer.from(found._id.buffer).toString('base64');
    if (id === null) first = undefined;
    else if (first?.id !== id) first = { id, sinceMs: clock.nowMs() };
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      // While the database does not answer, the last figure stands.
      await look().catch(() => undefined);
      wake = new AbortController();
      const delayMs = events > 0 ? BUSY_MS : IDLE_MS;
      await clock.wait(delayMs, AbortSignal.any([wake.signal, stop.signal]));
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
      if (wasEmpty) wake.abort();
    },
    async close() {
      stop.abort();
      await running;
    },
  };
}
