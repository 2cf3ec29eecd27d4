import { testSignal } from '../utils/test-signal.ts';

/** What a server said of a delivery that it has stored. */
export interface Stored {
  id: string;
  position: number;
}

export interface PacedSender {
  /** Resolves when so many more deliveries are stored. */
  more(count: number): Promise<void>;
  /** Sends no more. The ids of all that is stored, in the order of the log, and the rate that was kept. */
  stop(): Promise<{ ids: string[]; perSecond: number }>;
}

/** How often it looks how many are due, in milliseconds. */
const LOOK_MS = 20;
/** Maximum deliveries without an answer, so that a slow server sets the pace. */
const MAX_UNANSWERED = 50;

/**
 * Sends deliveries at an even rate. Deliveries that a busy machine has delayed go out together. The
 * sender stops with the test.
 *
 * @param post sends one and gives what the server said
 */
export function startPacedSender(
  post: (signal: AbortSignal) => Promise<Stored>,
  perSecond: number,
): PacedSender {
  const signal = testSignal();
  const startMs = performance.now();
  const sending: Promise<unknown>[] = [];
  const stored: Stored[] = [];
  const waiting = new Set<() => void>();
  let fault: unknown;

  async function sendOne(): Promise<void> {
    try {
      stored.push(await post(signal));
    } catch (error) {
      fault ??= error;
    }
    for (const look of waiting) look();
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) / 1_000) * perSecond);
    const most = stored.length + MAX_UNANSWERED;
    while (sending.length < Math.min(due, most) && fault === undefined) sending.push(sendOne());
  }, LOOK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));

  return {
    more: (count) =>
      new Promise((resolve, reject) => {
        const wanted = stored.length + count;
        const look = () => {
          if (fault === undefined && stored.length < wanted) return;
          waiting.delete(look);
          if (fault === undefined) resolve();
          else reject(fault);
        };
        waiting.add(look);
        look();
      }),
    async stop() {
      clearInterval(timer);
      const seconds = (performance.now() - startMs) / 1_000;
      await Promise.all(sending);
      if (fault !== undefined) throw fault;
      const inOrder = [...stored].sort((one, other) => one.position - other.position);
      return { ids: inOrder.map(({ id }) => id), perSecond: stored.length / seconds };
    },
  };
}
