import type { DocumentNode } from 'graphql';
import { _createLRUCache } from 'graphql-yoga';

const MAX_DOCUMENTS = 500;
/** A longer text is not kept, so that what is kept is bounded in bytes too. Unit: characters. */
const MAX_LENGTH = 8_192;

/** Parsed documents by their text, for Yoga: those that are worth keeping. */
export function createDocumentCache() {
  const documents = _createLRUCache<DocumentNode>({ max: MAX_DOCUMENTS });
  return {
    documentCache: {
      get: (text: string) => documents.get(text),
      set(text: string, document: DocumentNode) {
        if (text.length <= MAX_LENGTH) documents.set(text, document);
      },
    },
    // An error is told with the id of its own request; and what is refused is not worth keeping.
    errorCache: { get: () => undefined, set: () => undefined },
  };
}
