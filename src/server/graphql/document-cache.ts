import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

const MAX_DOCUMENTS = 500;
/** Longer documents are not cached, which bounds the cache in bytes. Unit: characters. */
const MAX_LENGTH = 8_192;

/** Creates Yoga's cache of parsed documents. */
export function createDocumentCache() {
  return {
    documentCache: new LRUCache<string, DocumentNode>({
      max: MAX_DOCUMENTS,
      maxEntrySize: MAX_LENGTH,
      sizeCalculation: (_, { length }) => length,
    }),
    // Errors are not cached: each carries the id of its own request.
    errorCache: { get: () => undefined, set: () => undefined },
  };
}
