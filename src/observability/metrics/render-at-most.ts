/**
 * Returns a function that calls `render` at most once in `maxAgeMs` milliseconds. Calls in between
 * share the last result. A failure is not cached.
 */
export function renderAtMost<T>(
  maxAgeMs: number,
  render: () => Promise<T>,
  nowMs: () => number = () => performance.now(),
): () => Promise<T> {
  let rendered: Promise<T> | undefined;
  let renderedAtMs = 0;
  return () => {
    if (rendered === undefined || nowMs() - renderedAtMs >= maxAgeMs) {
      renderedAtMs = nowMs();
      const rendering = render();
      rendered = rendering;
      rendering.catch(() => {
        if (rendered === rendering) rendered = undefined;
      });
    }
    return rendered;
  };
}
