import { testSignal } from '../utils/test-signal.ts';

/** The server's answer to a stored delivery. */
export interface Stored {
  id: string;
  position: number;
}

export interface PacedSender {
  /** Resolves when this many further deliveries are stored. */
  more(count: number): Promise<void>;
  /** Stops sending. Returns the ids of all stored deliveries in log order, and the actual rate. */
  stop(): Promise<{ ids: string[]; perSecond: number }>;
}

/** Interval between checks for due deliveries, in milliseconds. */
const CHECK_MS = 20;
/** Maximum unanswered deliveries, so that a slow server limits the rate. */
const MAX_UNANSWERED = 50;

/**
 * Sends deliveries at an even rate. Deliveries that a busy machine has delayed are sent together.
 * The sender stops with the test.
 *
 * @param post sends one delivery and returns the server's answer
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
  }, CHECK_MS);
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
