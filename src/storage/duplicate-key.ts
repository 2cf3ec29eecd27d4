const DUPLICATE_KEY = 11_000;

/** True for what the database says when there is one already (MongoDB, `DuplicateKey`). */
export function isDuplicateKey(error: unknown): boolean {
  return (error as { code?: unknown }).code === DUPLICATE_KEY;
}

/**
 * For `catch`: two first upserts at once may both try to insert, and the loser then does it again
 * and finds the document. Every other error is thrown.
 */
export function ignoreDuplicateKey<T>(again: () => T) {
  return (error: unknown): T => {
    if (!isDuplicateKey(error)) throw error;
    return again();
  };
}
