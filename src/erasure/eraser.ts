import { LogUnavailableError } from '../errors.ts';
import { createTelemetry } from '../telemetry.ts';
import { eraseUser } from './erase-user.ts';
import type { EraseOptions, EraseUser, ErasureCounts } from './types.ts';

/** A user was erased here; the message does not say whom. */
export const completedErasures = createTelemetry<ErasureCounts & { durationMs: number }>('erasure');

/** Erases users while the log is open. */
export interface Eraser {
  /**
   * Erases a user. Resolves when this is durable and every instance has discarded its copies.
   * @param userId the sender's id of the user, as in events
   * @throws LogUnavailableError when it could not be completed, for example because the log was
   * closed; an AbortError when the caller aborted it. A repeated call resumes
   */
  erase(userId: string, options?: EraseOptions): Promise<ErasureCounts>;
  /** Aborts pending erasures after their current page; they resume when they are started again. */
  close(): Promise<void>;
}

/** Creates the eraser of a log. */
export function createEraser(parts: Omit<EraseUser, keyof EraseOptions>): Eraser {
  const stop = new AbortController();
  const inFlight = new Set<Promise<unknown>>();
  return {
    async erase(userId, { signal, ...options } = {}) {
      const startedMs = performance.now();
      const signals = signal ? [stop.signal, signal] : [stop.signal];
      const work = eraseUser(userId, { ...parts, ...options, signal: AbortSignal.any(signals) });
      const settled = work.catch(() => undefined);
      inFlight.add(settled);
      try {
        const counts = await work;
        const durationMs = performance.now() - startedMs;
        if (!options.dry) completedErasures.publish({ ...counts, durationMs });
        return counts;
      } catch (error) {
        if (!stop.signal.aborted || signal?.aborted) throw error;
        throw new LogUnavailableError('The server is stopping. Repeat the erasure to resume it.');
      } finally {
        inFlight.delete(settled);
      }
    },
    async close() {
      stop.abort();
      await Promise.all(inFlight);
    },
  };
}
