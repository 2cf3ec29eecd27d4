import type { NewEvent } from '../../catalog/event.ts';
import type { Clock } from './clock.ts';
import { positionDelays } from './telemetry.ts';

/** Maximum events whose position is awaited; positions of others are looked up when needed. */
const MAX_EVENTS = 10_000;
/** How long a position is awaited, in milliseconds; an event erased meanwhile never gets one. */
const MAX_WAIT_MS = 60_000;

/** Tracks the events that this instance stored in the inbox and whose position is unknown. */
export interface AcceptedEvents {
  add(events: readonly NewEvent[]): void;
  /** Called for each published event. */
  onPublished(event: Pick<NewEvent, 'digest'>, position: number): void;
  /** Returns the position of a tracked event, or undefined on a timeout. */
  positionOf(event: Pick<NewEvent, 'digest'>, timeoutMs: number): Promise<number | undefined>;
  isWaiting(): boolean;
}

export function createAcceptedEvents(clock: Clock): AcceptedEvents {
  /** In order of acknowledgement. */
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
      positionDelays.publish(clock.nowMs() - found.sinceMs);
      found.tell?.(position);
    },
    positionOf(event, timeoutMs) {
      const found = waiting.get(keyOf(event));
      if (found === undefined) return Promise.resolve(undefined);
      const over = new AbortController();
      const position = new Promise<number>((resolve) => {
        found.tell = resolve;
      });
      const late = clock.wait(timeoutMs, over.signal).then(() => undefined);
      return Promise.race([position, late]).finally(() => over.abort());
    },
    isWaiting() {
      forgetOld();
      return waiting.size > 0;
    },
  };
}
