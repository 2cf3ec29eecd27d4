/** Resolves with the result of `work`, or with `otherwise` as soon as the signal is aborted. */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopped = () => resolve(otherwise);
    signal.addEventListener('abort', stopped, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stopped));
  });
}
