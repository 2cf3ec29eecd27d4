import type { NewEvent } from '../../catalog/event.ts';
import { LogUnavailableError } from '../../errors.ts';
import type { AppendResult, PendingEvent } from './types.ts';

export interface JoinOptions
  extends Pick<PendingEvent, 'sizeBytes' | 'deadlineMs' | 'isInboxEntry'> {
  /** Digest before an erasure changed the event. */
  original?: Buffer | undefined;
}

/** Events that are being stored, by their digest. */
export interface PendingEvents {
  /** Adds an event until it is settled, or returns the pending event with the same digest. */
  join(event: NewEvent, options: JoinOptions): { pending: PendingEvent; isFirst: boolean };
  /** All pending events, in order of arrival. */
  all(): readonly PendingEvent[];
  size(): { events: number; bytes: number };
}

export interface PendingCallbacks {
  /** Called for each event that the database already holds. */
  onRepeat?: ((event: NewEvent) => void) | undefined;
  /** Called for each event that could not be stored at this time. */
  onUnavailable?: (() => void) | undefined;
}

/** Creates the set of pending events. A redelivery of a pending event shares its outcome. */
export function createPendingEvents({ onRepeat, onUnavailable }: PendingCallbacks): PendingEvents {
  const all = new Map<string, PendingEvent>();
  let bytes = 0;

  return {
    join(event, { sizeBytes, deadlineMs, isInboxEntry, original }) {
      const key = (original ?? event.digest).toString('base64');
      const first = all.get(key);
      if (first) return { pending: first, isFirst: false };
      const { promise, resolve, reject } = withResolvers<AppendResult>();
      const settle = () => {
        pending.isSettled = true;
        // A later delivery of the same event may be pending by now.
        if (all.get(key) !== pending) return;
        all.delete(key);
        bytes -= sizeBytes;
      };
      const pending: PendingEvent = {
        // No spread: V8 would keep such an object as a dictionary, which costs 6 µs an event.
        key,
        delivered: event,
        event,
        sizeBytes,
        deadlineMs,
        isInboxEntry,
        result: promise,
        isCleaned: original !== undefined,
        isUnclear: false,
        isRepeat: false,
        isSettled: false,
        resolve(result) {
          settle();
          if (result.status === 'duplicate' && !isInboxEntry) onRepeat?.(pending.event);
          resolve({ ...result, digest: pending.event.digest });
        },
        reject(reason) {
          settle();
          if (reason instanceof LogUnavailableError && !isInboxEntry) onUnavailable?.();
          reject(reason);
        },
      };
      all.set(key, pending);
      bytes += sizeBytes;
      return { pending, isFirst: true };
    },
    all: () => [...all.values()],
    size: () => ({ events: all.size, bytes }),
  };
}

/** Returns the digest of an event as it was delivered, before an erasure changed it. */
export function originalOf({ key }: Pick<PendingEvent, 'key'>): Buffer {
  return Buffer.from(key, 'base64');
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
