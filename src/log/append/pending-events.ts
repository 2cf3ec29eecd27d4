import type { NewEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import type { AppendResult, PendingEvent } from './types.ts';

/** The events that are on their way into the log, by what they say: waiting, or being written. */
export interface PendingEvents {
  /** Puts an event on its way, until it is settled; where the same one is already, gives that one. */
  join(event: NewEvent, sizeBytes: number): { entry: PendingEvent; isFirst: boolean };
  /** All of them, in the order in which they came. */
  all(): readonly PendingEvent[];
  size(): { events: number; bytes: number };
}

export interface PendingCallbacks {
  /** Called for each event that the log already holds. */
  onRepeat?: ((event: NewEvent) => void) | undefined;
  /** Called for each event that could not be stored for now. */
  onUnavailable?: (() => void) | undefined;
}

/**
 * Makes the place of those that are under way: a repeat that comes meanwhile shares the outcome.
 *
 * @param timeoutMs how long an event may be on its way
 */
export function createPendingEvents(
  timeoutMs: number,
  { onRepeat, onUnavailable }: PendingCallbacks,
): PendingEvents {
  const entries = new Map<string, PendingEvent>();
  let bytes = 0;

  return {
    join(event, sizeBytes) {
      const key = event.digest.toString('base64');
      const first = entries.get(key);
      if (first) return { entry: first, isFirst: false };
      const { promise, resolve, reject } = withResolvers<AppendResult>();
      const settled = () => {
        // Once only: a later delivery of the same may be under way by now.
        if (entries.get(key) !== entry) return;
        entries.delete(key);
        bytes -= sizeBytes;
      };
      const entry: PendingEvent = {
        key,
        event,
        sizeBytes,
        deadlineMs: performance.now() + timeoutMs,
        result: promise,
        unclear: false,
        resolve(result) {
          settled();
          if (result.status === 'duplicate') onRepeat?.(entry.event);
          resolve({ ...result, digest: entry.event.digest });
        },
        reject(reason) {
          settled();
          if (reason instanceof LogUnavailableError) onUnavailable?.();
          reject(reason);
        },
      };
      entries.set(key, entry);
      bytes += sizeBytes;
      return { entry, isFirst: true };
    },
    all: () => [...entries.values()],
    size: () => ({ events: entries.size, bytes }),
  };
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
