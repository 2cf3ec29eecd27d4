interface Waiting {
  begin: () => void;
  refuse: (error: Error) => void;
}

/** Runs work of several viewers, a few pieces at once. */
export interface FairQueue {
  /**
   * Runs work when it is its viewer's turn. Viewers take turns, whatever number each of them waits
   * for.
   *
   * @throws the error of `full` if too many pieces wait, and this viewer has the most of them
   */
  run<T>(viewer: string | undefined, work: () => Promise<T>): Promise<T>;
}

/**
 * Creates a queue. When it is full, work of a viewer with fewer waiting pieces replaces the latest piece
 * of the viewer with the most, so that one viewer cannot keep others out.
 *
 * @param full creates the error of work that cannot wait
 */
export function createFairQueue(
  { atOnce, maxWaiting }: { atOnce: number; maxWaiting: number },
  full: () => Error,
): FairQueue {
  /** By viewer, in the order of their turns. */
  const queues = new Map<string | undefined, Waiting[]>();
  let running = 0;
  let waiting = 0;

  function makeRoom(viewer: string | undefined): boolean {
    if (waiting < maxWaiting) return true;
    const [[fullest, most] = [undefined, []]] = [...queues].sort(
      ([, one], [, other]) => other.length - one.length,
    );
    if (most.length <= (queues.get(viewer)?.length ?? 0) + 1) return false;
    most.pop()?.refuse(full());
    waiting -= 1;
    if (most.length === 0) queues.delete(fullest);
    return true;
  }

  function enter(viewer: string | undefined): Promise<void> | undefined {
    if (running < atOnce) {
      running += 1;
      return undefined;
    }
    if (!makeRoom(viewer)) throw full();
    const queue = queues.get(viewer) ?? [];
    queues.set(viewer, queue);
    waiting += 1;
    return new Promise((begin, refuse) => {
      queue.push({ begin, refuse });
    });
  }

  function leave(): void {
    const [[viewer, queue] = [undefined, []]] = queues;
    const next = queue.shift();
    if (next === undefined) {
      running -= 1;
      return;
    }
    waiting -= 1;
    queues.delete(viewer);
    if (queue.length > 0) queues.set(viewer, queue);
    next.begin();
  }

  return {
    async run(viewer, work) {
      await enter(viewer);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
