/** Bytes that all tasks together decode or serialise in one turn of the event loop. */
export const TURN_BYTES = 256 * 1024;
/** A task that has handled fewer bytes than this since its last wait does not wait. */
const SLICE_BYTES = 64 * 1024;

/** The slices of one task: it handles a part of its bytes, then lets the event loop turn. */
export interface WorkSlices {
  /**
   * Counts bytes that were handled. Returns a promise if the task must wait for a later turn before
   * it handles more.
   */
  spend(bytes: number): Promise<void> | undefined;
}

/**
 * Creates the slices of tasks that share the turns of the event loop. A turn has a number of bytes
 * for all tasks; a task that exceeds it waits, and each later turn continues one waiting task.
 *
 * Without it, the results of many reads arrive in one turn and are all decoded before the next
 * delivery is read.
 *
 * @param turnBytes bytes of a turn, for all tasks
 * @param sliceBytes bytes after which a task counts; less does not wait
 */
export function createWorkSlices(turnBytes = TURN_BYTES, sliceBytes = SLICE_BYTES) {
  const waiting: (() => void)[] = [];
  let waits = 0;
  let spentBytes = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(turn);
  }

  function turn(): void {
    isScheduled = false;
    spentBytes = 0;
    const resume = waiting.shift();
    if (resume === undefined) return;
    schedule();
    resume();
  }

  return {
    /** How often a task has waited for a later turn. */
    waits: () => waits,
    /** Begins a task. */
    open(): WorkSlices {
      let ownBytes = 0;
      return {
        spend(bytes) {
          ownBytes += bytes;
          if (ownBytes < sliceBytes) return undefined;
          spentBytes += ownBytes;
          ownBytes = 0;
          schedule();
          if (spentBytes < turnBytes && waiting.length === 0) return undefined;
          waits += 1;
          return new Promise((resolve) => {
            waiting.push(resolve);
          });
        },
      };
    },
  };
}

/** The tasks of this process, which share its event loop. */
export const workSlices = createWorkSlices();
