/**
 * Returns the result of the work, or throws an error on a timeout.
 *
 * @param explain describes what is missing; called on the timeout
 */
export async function withLimit<T>(
  work: Promise<T>,
  limitMs: number,
  explain: () => string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(explain())), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
