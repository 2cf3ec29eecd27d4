import { type GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Metrics } from './create-metrics.ts';

export type OperationMetrics = Pick<
  Metrics,
  'onOperation' | 'onError' | 'onSubscription' | 'tally'
>;

/** Counts the operations that reach execution, on every transport. */
export function useOperationMetrics({ onOperation }: OperationMetrics): Plugin {
  const count = ({ document, operationName, contextValue }: Arguments) => {
    const kind = getOperationAST(document as never, operationName)?.operation ?? 'query';
    const overHttp = kind === 'subscription' ? 'sse' : 'http';
    onOperation(kind, contextValue?.request ? overHttp : 'websocket');
  };
  return {
    onExecute: ({ args }) => count(args as Arguments),
    onSubscribe: ({ args }) => count(args as Arguments),
  };
}

interface Arguments {
  document: unknown;
  operationName?: string | null;
  /** Yoga sets `request` over HTTP and SSE only. */
  contextValue?: { request?: Request };
}

/**
 * Counts masked errors. An error that was masked before is returned unchanged and not counted
 * again.
 */
export function countErrors<Rest extends unknown[]>(
  { onError }: Pick<OperationMetrics, 'onError'>,
  mask: (error: unknown, ...rest: Rest) => GraphQLError,
): (error: unknown, ...rest: Rest) => GraphQLError {
  return (error, ...rest) => {
    const masked = mask(error, ...rest);
    if (masked !== error) onError(String(masked.extensions.code));
    return masked;
  };
}
