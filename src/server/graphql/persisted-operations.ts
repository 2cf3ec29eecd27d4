import type { Plugin } from 'graphql-yoga';
import { EventlineError } from '../../errors.ts';

/** The only documents that run, by their ids: hashes in the manifests that client codegen writes. */
export type PersistedOperations = ReadonlyMap<string, string>;

/** What a client sends for an operation, on whatever transport. */
export interface OperationParameters {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/**
 * Finds the document that is to run: the text that was sent if it is a listed one, else the one of
 * the id that was sent, as `extensions.persistedQuery.sha256Hash` (Apollo, urql) or `documentId`
 * (GraphQL over HTTP, appendix A; Relay). A text that is not listed is refused whatever id it has.
 *
 * @throws EventlineError BAD_USER_INPUT when it is not in the list
 */
export type FindDocument = (parameters: OperationParameters) => string;

/** Makes the search of a list. */
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

/** Lets only listed documents run over HTTP and SSE; Yoga does not see those of WebSockets. */
export function usePersistedOperations(find: FindDocument): Plugin {
  return {
    onParams({ params, setParams }) {
      setParams({ ...params, query: find(params) });
    },
  };
}

function hashOf(extensions: unknown): unknown {
  const { persistedQuery } = Object(extensions) as { persistedQuery?: unknown };
  return (Object(persistedQuery) as { sha256Hash?: unknown }).sha256Hash;
}
