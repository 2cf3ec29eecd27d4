/** The exit code of a run that somebody has ended. */
export const EXIT_INTERRUPTED = 130;

/**
 * The first signal aborts, so that what was started is ended; the second one ends the process at
 * once. What comes back rejects with the reason when it is aborted, in whatever way.
 */
export function endOnSignals(stop: AbortController): Promise<never> {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(EXIT_INTERRUPTED);
      process.stderr.write('\nInterrupted: ending what was started …\n');
      stop.abort(new Error('interrupted'));
    });
  }
  const interrupted = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
  });
  // Nobody may be waiting for it when the run is over.
  interrupted.catch(() => undefined);
  return interrupted;
}
