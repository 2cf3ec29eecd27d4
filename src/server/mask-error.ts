import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { EventlineError, errorTable } from '../errors.ts';

/**
 * The one boundary where errors become what a client may read: Eventline's own keep their message
 * and code, faults of the request are BAD_USER_INPUT, and everything else is masked.
 *
 * @param report gets what was masked, with the request id that the client was given
 */
export function maskError(
  error: unknown,
  requestId: string,
  report: (error: unknown, requestId: string) => void,
): GraphQLError {
  const graphqlError = error instanceof GraphQLError ? error : undefined;
  const original = graphqlError?.originalError ?? (graphqlError ? undefined : error);
  const place = (graphqlError && {
    nodes: graphqlError.nodes,
    source: graphqlError.source,
    positions: graphqlError.positions,
    path: graphqlError.path,
  }) as GraphQLErrorOptions | undefined;
  if (original instanceof EventlineError) {
    const { code, message } = original;
    const { httpStatus } = errorTable[code];
    // With data beside it the answer is a success that holds an error (GraphQL over HTTP).
    const http = graphqlError?.path === undefined ? { http: { status: httpStatus } } : {};
    return new GraphQLError(message, { ...place, extensions: { code, ...http } });
  }
  if (graphqlError && (original === undefined || original instanceof GraphQLError)) {
    const { message, extensions } = graphqlError;
    return new GraphQLError(message, {
      ...place,
      extensions: { ...extensions, code: 'BAD_USER_INPUT' },
    });
  }
  report(original, requestId);
  return new GraphQLError(`Something went wrong here. Quote the request id ${requestId}.`, {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  });
}
