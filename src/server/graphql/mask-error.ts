import { GraphQLError, type GraphQLErrorOptions, Kind } from 'graphql';
import { EventlineError, errorTable } from '../../errors.ts';

/** Makes an error readable for a client, with the id of its request; see `maskError`. */
export type Mask = (error: unknown, requestId: string) => GraphQLError;

/**
 * The one boundary where errors become what a client may read: Eventline's own keep their message
 * and code, faults of the request are BAD_USER_INPUT, and everything else is masked. Each has the
 * request id.
 *
 * @param report gets what was masked, with the request id that the client was given
 */
export function maskError(
  error: unknown,
  requestId: string,
  report: (error: unknown, requestId: string) => void,
): GraphQLError {
  const graphqlError = error instanceof GraphQLError ? error : undefined;
  // What has its code already was here before: a fault of the parser comes by twice, one in the
  // validation again with the next request for the same document.
  if (
    graphqlError &&
    graphqlError.originalError === undefined &&
    isErrorCode(graphqlError.extensions.code)
  ) {
    if (graphqlError.extensions.requestId === requestId) return graphqlError;
    return new GraphQLError(graphqlError.message, {
      ...placeOf(graphqlError),
      extensions: { ...graphqlError.extensions, requestId },
    });
  }
  const original = graphqlError?.originalError ?? (graphqlError ? undefined : error);
  const place = graphqlError && placeOf(graphqlError);
  if (original instanceof EventlineError) {
    const { code, message, details } = original;
    const { httpStatus } = errorTable[code];
    // With data beside it the answer is a success that holds an error (GraphQL over HTTP).
    const http = graphqlError?.path === undefined ? { http: { status: httpStatus } } : {};
    return new GraphQLError(message, {
      ...place,
      extensions: { code, ...details, requestId, ...http },
    });
  }
  const ofRequest = original === undefined || original instanceof GraphQLError;
  if (graphqlError && ofRequest && !isAboutValue(graphqlError)) {
    const { message, extensions } = graphqlError;
    // Nothing else of it: Yoga hangs the message of the JSON parser there, which quotes the body.
    return new GraphQLError(message, {
      ...place,
      extensions: { code: 'BAD_USER_INPUT', requestId, ...httpOf(extensions) },
    });
  }
  // What a scalar says of a stored value quotes it: of that the log gets the place alone.
  report(ofRequest ? valueFault(graphqlError) : original, requestId);
  return new GraphQLError(`Something went wrong here. Quote the request id ${requestId}.`, {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  });
}

/**
 * What Yoga says of the status. For a body that is no JSON it holds for every client, and not only
 * for those of application/graphql-response+json: Yoga knows it by what is left out here.
 */
function httpOf({ http, originalError }: GraphQLError['extensions']): { http?: object } {
  if (typeof http !== 'object' || http === null) return {};
  return { http: originalError === undefined ? http : { ...http, spec: false } };
}

/** Where in the document and in the answer it stands. */
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
 * True for what a scalar says of a stored value that it cannot show: it quotes the value. Such an
 * error stands at a field of an answer, one about an argument at the argument.
 */
function isAboutValue({ path, nodes }: GraphQLError): boolean {
  return path !== undefined && (nodes?.every(({ kind }) => kind === Kind.FIELD) ?? true);
}
