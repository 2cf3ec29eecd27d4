import { createTelemetry } from '../telemetry.ts';
import type { EventDocument } from './documents.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import type { Collection } from './models.ts';

/** Interval between checks, in milliseconds. */
const CHECK_MS = 60_000;

/** The unique index on positions cannot be created, since two events have the same position. */
export const indexFaults = createTelemetry<unknown>('index-fault');

/**
 * Creates the unique index on positions again if it was dropped, until the returned function is
 * called. Without it two instances can give one position to two events.
 */
export function keepPositionIndex(
  events: Collection<EventDocument>,
  checkMs = CHECK_MS,
): () => void {
  const timer = setInterval(() => {
    events
      .createIndex({ position: 1 }, { name: 'position_1', unique: true, commitQuorum: 'majority' })
      .catch((error) => {
        // Other errors are those of a database that is away.
        if (isDuplicateKey(error)) indexFaults.publish(error);
      });
  }, checkMs);
  timer.unref();
  return () => clearInterval(timer);
}
