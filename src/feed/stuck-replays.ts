/** The replays that have not been able to read the log for long. */
export interface StuckReplays {
  add(replay: object, error: unknown): void;
  delete(replay: object): void;
}

/**
 * Creates the set of a feed.
 *
 * @param report called with the error when a first replay is stuck, and without one when none is
 * any more: an unavailable database must not cause a log line for each reader
 */
export function createStuckReplays(report: (error?: unknown) => void): StuckReplays {
  const stuck = new Set<object>();
  return {
    add(replay, error) {
      stuck.add(replay);
      if (stuck.size === 1) report(error);
    },
    delete(replay) {
      if (stuck.delete(replay) && stuck.size === 0) report();
    },
  };
}
