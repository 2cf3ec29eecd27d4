import type { NewEvent } from '../../catalog/event.ts';
import type { Clock } from './clock.ts';

/** How many events are waited for at once; the positions of more are looked up where needed. */
const MAX_EVENTS = 10_000;
/** How long one is waited for, in milliseconds: one that was erased meanwhile never appears. */
const MAX_WAIT_MS = 60_000;

/** The events that this instance put into the inbox and that have no position yet, as it knows. */
export interface AcceptedEvents {
  add(events: readonly NewEvent[]): void;
  /** Called for each event that is published. */
  onPublished(event: Pick<NewEvent, 'digest'>, position: number): void;
  /** The position of an event that was added, or undefined when it takes longer than that. */
  positionOf(event: Pick<NewEvent, 'digest'>, timeoutMs: number): Promise<number | undefined>;
  isWaiting(): boolean;
}

/** @param onPosition called with the time from the acknowledgement to the position, in milliseconds */
export function createAcceptedEvents(
  clock: Clock,
  onPosition: ((tookMs: number) => void) | undefined,
): AcceptedEvents {
  /** In the order of their acknowledgement. */
  const waiting = new Map<string, { sinceMs: number; tell?: (position: number) => void }>();
  const keyOf = ({ digest }: Pick<NewEvent, 'digest'>) => digest.toString('base64');

  function forgetOld(): void {
    const nowMs = clock.nowMs();
    for (const [key, { sinceMs }] of waiting) {
      if (waiting.size <= MAX_EVENTS && nowMs - sinceMs <= MAX_WAIT_MS) return;
      waiting.delete(key);
    }
  }

  return {
    add(events) {
      for (const event of events) waiting.set(keyOf(event), { sinceMs: clock.nowMs() });
      forgetOld();
    },
    onPublished(event, position) {
      if (waiting.size === 0) return;
      const key = keyOf(event);
      const found = waiting.get(key);
      if (found === undefined) return;
      waiting.delete(key);
      onPosition?.(clock.nowMs() - found.sinceMs);
      found.tell?.(position);
    },
    positionOf(event, timeoutMs) {
      const found = waiting.get(keyOf(event));
      if (found === undefined) return Promise.resolve(undefined);
      const over = new AbortController();
      const told = new Promise<number>((resolve) => {
        found.tell = resolve;
      });
      const late = clock.wait(timeoutMs, over.signal).then(() => undefined);
      return Promise.race([told, late]).finally(() => over.abort());
    },
    isWaiting() {
      forgetOld();
      return waiting.size > 0;
    },
  };
}
