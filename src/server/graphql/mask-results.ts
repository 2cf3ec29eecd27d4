import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Mask } from './mask-error.ts';
import type { RequestContext } from './request-context.ts';
import { wrapIterator } from './wrap-iterator.ts';

/**
 * Masks all errors over HTTP and SSE, whether they arise in Yoga or below. Over WebSocket the
 * adapter masks, since Yoga does not see those results.
 */
export function useMaskedResults(mask: Mask): Plugin<object, RequestContext> {
  return {
    onResultProcess({ result, setResult, serverContext: { requestId } }) {
      const maskOne = (error: GraphQLError) => mask(originalError(error), requestId);
      const masked = (one: ExecutionResult) =>
        one.errors ? { ...one, errors: one.errors.map(maskOne) } : one;
      if (isAsyncIterable(result)) setResult(wrapIterator(result, { map: masked }));
      else setResult(Array.isArray(result) ? result.map(masked) : masked(result));
    },
  };
}

/** Yoga turns a thrown value that is not an error into a message, which would be sent unmasked. */
function originalError(error: GraphQLError): Error {
  if (!error.extensions.unexpected) return error;
  return new Error('something was thrown that is no error', { cause: error.message });
}
