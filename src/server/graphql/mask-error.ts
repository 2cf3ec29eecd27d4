import { GraphQLError, type GraphQLErrorOptions, Kind } from 'graphql';
import { EventlineError, errorTable } from '../../errors.ts';
import { withoutValues } from './without-values.ts';

/** Makes an error readable for a client, with its request id; see `maskError`. */
export type Mask = (error: unknown, requestId: string) => GraphQLError;

/** Longer messages are cut: the names in a document have no maximum length. */
const MAX_MESSAGE_LENGTH = 1_000;

/**
 * Masks an error. This is the single boundary where errors become readable for clients:
 * EventlineErrors keep their message and code, faults of the request become BAD_USER_INPUT, and all
 * others are masked. Each carries the request id. Messages are cut after 1,000 characters.
 *
 * @param report receives masked errors with the request id sent to the client
 */
export function maskError(
  error: unknown,
  requestId: string,
  report: (error: unknown, requestId: string) => void,
): GraphQLError {
  const graphqlError = error instanceof GraphQLError ? error : undefined;
  // An error with a code was masked before: a parser error passes twice, and a validation error
  // again with the next request for the same document.
  if (
    graphqlError &&
    graphqlError.originalError === undefined &&
    isErrorCode(graphqlError.extensions.code)
  ) {
    if (graphqlError.extensions.requestId === requestId) return graphqlError;
    return new GraphQLError(cut(graphqlError.message), {
      ...placeOf(graphqlError),
      extensions: { ...graphqlError.extensions, requestId },
    });
  }
  const original = graphqlError?.originalError ?? (graphqlError ? undefined : error);
  const place = graphqlError && placeOf(graphqlError);
  if (original instanceof EventlineError) {
    const { code, message, details } = original;
    const { httpStatus } = errorTable[code];
    // Beside data the answer is a success with an error (GraphQL over HTTP).
    const http = graphqlError?.path === undefined ? { http: { status: httpStatus } } : {};
    return new GraphQLError(cut(message), {
      ...place,
      extensions: { code, ...details, requestId, ...http },
    });
  }
  const ofRequest = original === undefined || original instanceof GraphQLError;
  if (graphqlError && ofRequest && !isAboutValue(graphqlError)) {
    const { extensions } = graphqlError;
    // No other extensions: Yoga adds the JSON parser's message, which quotes the body.
    return new GraphQLError(cut(withoutValues(graphqlError)), {
      ...place,
      extensions: { code: 'BAD_USER_INPUT', requestId, ...httpOf(extensions) },
    });
  }
  // A scalar's error about a stored value quotes the value: log its location only.
  report(ofRequest ? valueFault(graphqlError) : original, requestId);
  return new GraphQLError(`Something went wrong here. Quote the request id ${requestId}.`, {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  });
}

function cut(message: string): string {
  if (message.length <= MAX_MESSAGE_LENGTH) return message;
  // A character must not be cut in half.
  return `${message.slice(0, MAX_MESSAGE_LENGTH).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * Yoga's HTTP status. For a body that is not JSON it applies to every client, not only to those
 * that accept application/graphql-response+json: omitting `spec` tells Yoga so.
 */
function httpOf({ http, originalError }: GraphQLError['extensions']): { http?: object } {
  if (typeof http !== 'object' || http === null) return {};
  return { http: originalError === undefined ? http : { ...http, spec: false } };
}

/** Location in the document and path in the answer. */
function placeOf({ nodes, source, positions, path }: GraphQLError): GraphQLErrorOptions {
  return { nodes, source, positions, path } as GraphQLErrorOptions;
}

function isErrorCode(code: unknown): boolean {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

function valueFault(error: GraphQLError | undefined): Error {
  return new Error(`a stored value cannot be shown, at ${error?.path?.join('.') ?? 'no field'}`);
}

/**
 * Returns true for a scalar's error about a stored value, which quotes it. It has the path of a
 * field; an error about an argument does not.
 */
function isAboutValue({ path, nodes }: GraphQLError): boolean {
  return path !== undefined && (nodes?.every(({ kind }) => kind === Kind.FIELD) ?? true);
}
