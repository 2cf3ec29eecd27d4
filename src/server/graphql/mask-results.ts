import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Mask } from './mask-error.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Masks all that leaves over HTTP and SSE, wherever in Yoga or below it came up. Over WebSocket the
 * adapter does so, since Yoga has no part in what leaves there.
 */
export function useMaskedResults(mask: Mask): Plugin<object, RequestContext> {
  return {
    onResultProcess({ result, setResult, serverContext: { requestId } }) {
      const maskOne = (error: GraphQLError) => mask(asThrown(error), requestId);
      const masked = (one: ExecutionResult) =>
        one.errors ? { ...one, errors: one.errors.map(maskOne) } : one;
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, masked));
      else setResult(Array.isArray(result) ? result.map(masked) : masked(result));
    },
  };
}

/** Yoga makes a message of what was thrown and is no error, which would be told as it is. */
function asThrown(error: GraphQLError): Error {
  if (!error.extensions.unexpected) return error;
  return new Error('something was thrown that is no error', { cause: error.message });
}
