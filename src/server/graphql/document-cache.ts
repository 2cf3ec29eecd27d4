import type { DocumentNode } from 'graphql';
import { _createLRUCache } from 'graphql-yoga';

const MAX_DOCUMENTS = 500;
/** Longer documents are not cached, which bounds the cache in bytes. Unit: characters. */
const MAX_LENGTH = 8_192;

/** Creates Yoga's cache of parsed documents. */
export function createDocumentCache() {
  const documents = _createLRUCache<DocumentNode>({ max: MAX_DOCUMENTS });
  return {
    documentCache: {
      get: (text: string) => documents.get(text),
      set(text: string, document: DocumentNode) {
        if (text.length <= MAX_LENGTH) documents.set(text, document);
      },
    },
    // Errors are not cached: each carries the id of its own request.
    errorCache: { get: () => undefined, set: () => undefined },
  };
}
