/**
 * What the work brings, or an error when it takes too long.
 *
 * @param explain says what is missing; asked when the time is over
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
