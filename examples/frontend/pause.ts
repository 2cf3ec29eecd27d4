const MAX_PAUSE_MS = 10_000;

/** Exponential backoff with jitter, so that clients of one server do not reconnect together. */
export function pause(failures: number): Promise<void> {
  const maxMs = Math.min(250 * 2 ** failures, MAX_PAUSE_MS);
  return new Promise((resolve) => {
    setTimeout(resolve, maxMs * (0.5 + Math.random() / 2));
  });
}
