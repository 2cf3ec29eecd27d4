import type { ExecutionArgs } from 'graphql';
import { GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { EventlineError } from '../../errors.ts';
import type { OperationMetrics } from '../../observability/metrics/operations.ts';
import type { GraphqlContext } from '../../schema/context.ts';
import { takesEventStream } from './accepted-formats.ts';
import type { RequestContext } from './request-context.ts';
import type { Release, ViewerLimits } from './viewer-limits.ts';
import { withEnd } from './wrap-iterator.ts';

/** About the size of a number, a list or an object without its members. */
const VALUE_BYTES = 16;

/**
 * Counts open subscriptions per viewer on every transport. Over SSE each one occupies a connection
 * as well.
 *
 * @param metrics counted there too, if present
 */
export function useSubscriptionLimits(
  viewers: ViewerLimits,
  metrics?: Pick<OperationMetrics, 'onSubscription'>,
): Plugin {
  return {
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      setSubscribeFn(async (given: ExecutionArgs) => {
        const context = args.contextValue as unknown as GraphqlContext & RequestContext;
        const { viewer, request, operation } = context;
        let disconnect: Release | undefined;
        let unsubscribe: Release | undefined;
        let ended: Release | undefined;
        const release = () => {
          operation?.end();
          disconnect?.();
          unsubscribe?.();
          ended?.();
        };
        try {
          context.isNoQuery?.();
          if (request) {
            if (!takesEventStream(request)) throw notAcceptable();
            disconnect = viewers.connect(viewer);
          }
          unsubscribe = viewers.subscribe(viewer, requestBytesOf(given));
          ended = metrics?.onSubscription(request ? 'sse' : 'websocket', fieldOf(given));
          const result = await subscribeFn(given);
          if (Symbol.asyncIterator in result) return withEnd(result, release);
          release();
          return result;
        } catch (error) {
          release();
          if (!(error instanceof EventlineError)) throw error;
          // Not thrown: graphql-ws would close the socket with all its other operations.
          return { errors: [new GraphQLError(error.message, { originalError: error })] };
        }
      });
    },
  };
}

/** The subscribed field; validation allows only one. */
function fieldOf({ document, operationName }: ExecutionArgs): string {
  const [first] = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  return first?.kind === 'Field' ? first.name.value : '';
}

/** Returns about the size of a document and its variables. Not recursive, so any depth works. */
function requestBytesOf({ document, variableValues }: ExecutionArgs): number {
  let bytes = document.loc?.source.body.length ?? 0;
  const left: unknown[] = [variableValues];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    bytes += typeof value === 'string' ? value.length : VALUE_BYTES;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, member] of Object.entries(value)) {
      bytes += key.length;
      left.push(member);
    }
  }
  return bytes;
}

function notAcceptable(): EventlineError {
  return new EventlineError(
    'BAD_USER_INPUT',
    'A subscription over HTTP is an event stream: send Accept: text/event-stream.',
  );
}
