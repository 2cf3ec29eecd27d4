/** The exit code of an interrupted run. */
export const EXIT_INTERRUPTED = 130;

/**
 * Handles signals: the first aborts, so that everything started is ended, and the second exits at
 * once. The promise rejects with the abort's reason.
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
  // Avoids an unhandled rejection when nothing awaits it after the run.
  interrupted.catch(() => undefined);
  return interrupted;
}
