import { GraphQLError, type GraphQLErrorOptions, Kind } from 'graphql';
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
  // What has its code already was here before: a fault of the parser comes by twice.
  if (graphqlError?.originalError === undefined && isErrorCode(graphqlError?.extensions.code)) {
    return graphqlError as GraphQLError;
  }
  const original = graphqlError?.originalError ?? (graphqlError ? undefined : error);
  const place = (graphqlError && {
    nodes: graphqlError.nodes,
    source: graphqlError.source,
    positions: graphqlError.positions,
    path: graphqlError.path,
  }) as GraphQLErrorOptions | undefined;
  if (original instanceof EventlineError) {
    const { code, message, details } = original;
    const { httpStatus } = errorTable[code];
    // With data beside it the answer is a success that holds an error (GraphQL over HTTP).
    const http = graphqlError?.path === undefined ? { http: { status: httpStatus } } : {};
    return new GraphQLError(message, { ...place, extensions: { code, ...details, ...http } });
  }
  const ofRequest = original === undefined || original instanceof GraphQLError;
  if (graphqlError && ofRequest && !isAboutValue(graphqlError)) {
    const { message, extensions } = graphqlError;
    return new GraphQLError(message, {
      ...place,
      extensions: { ...extensions, code: 'BAD_USER_INPUT' },
    });
  }
  // What a scalar says of a stored value quotes it: of that the log gets the place alone.
  report(ofRequest ? valueFault(graphqlError) : original, requestId);
  return new GraphQLError(`Something went wrong here. Quote the request id ${requestId}.`, {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  });
}

function isErrorCode(code: unknown): boolean {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

function valueFault(error: GraphQLError | undefined): Error {
  return new Error(`a stored value cannot be shown, at ${error?.path?.join('.') ?? 'no field'}`);
}

/**
 * True for what a scalar says of a stored value that it cannot show: it quotes the value. Such an
 * error stands at a field of an answer, one about an argument at the argument.
 */
function isAboutValue({ path, nodes }: GraphQLError): boolean {
  return path !== undefined && (nodes?.every(({ kind }) => kind === Kind.FIELD) ?? true);
}
