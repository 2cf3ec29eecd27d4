import type { Plugin } from 'graphql-yoga';
import { EventlineError } from '../../errors.ts';

/** The allowed documents by id: hashes of the manifests that client codegen writes. */
export type PersistedOperations = ReadonlyMap<string, string>;

/** What a client sends for an operation, on any transport. */
export interface OperationParameters {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/**
 * Finds the document to execute: the given text if it is listed, else the document of the given id,
 * sent as `extensions.persistedQuery.sha256Hash` (Apollo, urql) or `documentId` (GraphQL over HTTP,
 * appendix A; Relay). An unlisted text is refused, whatever its id.
 *
 * @throws EventlineError BAD_USER_INPUT when it is not listed
 */
export type FindDocument = (parameters: OperationParameters) => string;

/** Creates the look-up for a list. */
export function createFindDocument(operations: PersistedOperations): FindDocument {
  const texts = new Set(operations.values());
  return ({ query, documentId, extensions }) => {
    const id = documentId ?? hashOf(extensions);
    const isText = typeof query === 'string' && query !== '';
    const text = isText || typeof id !== 'string' ? query : operations.get(id);
    if (typeof text === 'string' && texts.has(text)) return text;
    throw new EventlineError(
      'BAD_USER_INPUT',
      'This document is not in the list of persisted operations.',
    );
  };
}

/**
 * Takes any text. An id without a text is refused by the error of automatic persisted queries, after
 * which Apollo Client and urql send the text.
 *
 * @throws EventlineError PERSISTED_QUERY_NOT_SUPPORTED
 */
export const findAnyDocument: FindDocument = ({ query, documentId, extensions }) => {
  const isId = typeof (documentId ?? hashOf(extensions)) === 'string';
  if (!query && isId) {
    throw new EventlineError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
  }
  return query as string;
};

/** Finds the documents of requests over HTTP and SSE; Yoga does not see those of WebSockets. */
export function useFoundDocuments(find: FindDocument): Plugin {
  return {
    onParams({ params, setParams }) {
      if (typeof params !== 'object' || params === null || Array.isArray(params)) return;
      setParams({ ...params, query: find(params) });
    },
  };
}

function hashOf(extensions: unknown): unknown {
  const { persistedQuery } = Object(extensions) as { persistedQuery?: unknown };
  return (Object(persistedQuery) as { sha256Hash?: unknown }).sha256Hash;
}
