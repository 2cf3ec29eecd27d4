const DUPLICATE_KEY = 11_000;

/** Returns true for MongoDB's `DuplicateKey` error. */
export function isDuplicateKey(error: unknown): boolean {
  return (error as { code?: unknown }).code === DUPLICATE_KEY;
}

/**
 * For `catch`: of two concurrent first upserts both may insert; the loser repeats the operation and
 * then finds the document. Other errors are rethrown.
 */
export function ignoreDuplicateKey<T>(again: () => T) {
  return (error: unknown): T => {
    if (!isDuplicateKey(error)) throw error;
    return again();
  };
}
