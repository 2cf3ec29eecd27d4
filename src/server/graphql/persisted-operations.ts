import type { Plugin } from 'graphql-yoga';
import { EventlineError } from '../../errors.ts';

/** The allowed documents by id: hashes of the manifests that client codegen writes. */
export type PersistedOperations = ReadonlyMap<string, string>;

/** A prefixed document identifier (GraphQL over HTTP, appendix A). */
const PREFIX = /^sha256:/;

/** What a client sends for an operation, on any transport. */
export interface OperationParameters {
  query?: unknown;
  documentId?: unknown;
  /** The id as Relay's documentation sends it. */
  doc_id?: unknown;
  /** The id, or in some network layers of Relay the name of the operation. */
  id?: unknown;
  extensions?: unknown;
}

/**
 * Finds the document to execute: the given text if it is listed, else the document of the given id,
 * sent as `extensions.persistedQuery.sha256Hash` (Apollo, urql), `documentId` (GraphQL over HTTP,
 * appendix A), `doc_id` or `id` (Relay). An unlisted text is refused, whatever its id.
 *
 * @throws EventlineError BAD_USER_INPUT when it is not listed
 */
export type FindDocument = (parameters: OperationParameters) => string;

/** Creates the look-up for a list. */
export function createFindDocument(operations: PersistedOperations): FindDocument {
  const texts = new Set(operations.values());
  const findById = (id: string) => operations.get(id) ?? operations.get(id.replace(PREFIX, ''));
  return (parameters) => {
    const { query } = parameters;
    const ids = [...idsOf(parameters), hashOf(parameters)].filter(isText);
    const text = isText(query) ? query : ids.map(findById).find(isText);
    if (text !== undefined && texts.has(text)) return text;
    throw new EventlineError(
      'BAD_USER_INPUT',
      'This document is not in the list of persisted operations.',
    );
  };
}

/**
 * Takes any text. A hash without a text is refused by the error of automatic persisted queries, after
 * which Apollo Client and urql send the text; urql knows it by its message.
 *
 * @throws EventlineError PERSISTED_QUERY_NOT_SUPPORTED for an id, BAD_USER_INPUT for nothing
 */
export const findAnyDocument: FindDocument = (parameters) => {
  // A text of a wrong type is refused later.
  if (parameters.query) return parameters.query as string;
  if (isText(hashOf(parameters))) {
    throw new EventlineError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
  }
  if (idsOf(parameters).some(isText)) {
    throw new EventlineError(
      'PERSISTED_QUERY_NOT_SUPPORTED',
      'No document is listed under this id (PERSISTED_OPERATIONS). Send its text as `query`.',
    );
  }
  throw new EventlineError('BAD_USER_INPUT', 'The request has no `query`. Send a document.');
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const idsOf = ({ documentId, doc_id, id }: OperationParameters) => [documentId, doc_id, id];

function hashOf({ extensions }: OperationParameters): unknown {
  const { persistedQuery } = Object(extensions) as { persistedQuery?: unknown };
  return (Object(persistedQuery) as { sha256Hash?: unknown }).sha256Hash;
}

/** Finds the documents of requests over HTTP and SSE; Yoga does not see those of WebSockets. */
export function useFoundDocuments(find: FindDocument): Plugin {
  return {
    onParams({ params, setParams }) {
      if (typeof params !== 'object' || params === null || Array.isArray(params)) return;
      setParams({ ...params, query: find(params) });
    },
  };
}
