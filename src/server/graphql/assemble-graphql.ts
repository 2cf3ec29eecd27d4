import type { IncomingMessage } from 'node:http';
import { createAuthenticate } from '../../auth/authenticate.ts';
import type { Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import type { MemoryBudget } from '../../memory/memory-budget.ts';
import type { Metrics } from '../../observability/metrics/create-metrics.ts';
import { countErrors } from '../../observability/metrics/operations.ts';
import type { ServerOptions } from '../server-options.ts';
import { createPrepareOperation } from '../websocket/prepare-operation.ts';
import { createGraphql, type GraphqlOptions } from './create-graphql.ts';
import { createTurnLimiter } from './create-turn-limiter.ts';
import type { Mask } from './mask-error.ts';
import { maskError } from './mask-error.ts';
import { createFindDocument, findAnyDocument } from './persisted-operations.ts';
import { createViewerLimits } from './viewer-limits.ts';

type GraphqlDependencies = Pick<
  GraphqlOptions,
  'endpoint' | 'log' | 'feed' | 'logState' | 'views' | 'retryRejected'
> & {
  metrics: Metrics | undefined;
  limits: Limits;
  memory: MemoryBudget;
  /** Receives every masked error. */
  report: (error: unknown, requestId: string) => void;
};

/**
 * Creates the GraphQL engine with one authentication, one list of documents, and one set of viewer
 * counters for all transports.
 */
export function createGraphqlServer(dependencies: GraphqlDependencies, options: ServerOptions) {
  const viewers = createViewerLimits(dependencies.limits);
  const authenticate = viewers.identify(options.authenticate ?? createAuthenticate(options.auth));
  const { persistedOperations } = options;
  const findDocument = persistedOperations
    ? createFindDocument(persistedOperations)
    : findAnyDocument;
  const { webSocketQueries: queries = true } = options;
  const plainMask: Mask = (error, requestId) => maskError(error, requestId, dependencies.report);
  const mask = dependencies.metrics ? countErrors(dependencies.metrics, plainMask) : plainMask;
  const turn = createTurnLimiter();
  const own = { authenticate, viewers, findDocument, turn, mask };
  const graphql = createGraphql({ ...dependencies, ...own });
  const { memory } = dependencies;
  return {
    graphql,
    /** Returns false only if the request has no valid token. */
    isReader: ({ headers }: IncomingMessage) =>
      authenticate(headers.authorization).then(() => true, isOtherFault),
    /** What WebSockets need of the engine. */
    forSockets: {
      authenticate,
      viewers,
      mask,
      operations: createPrepareOperation({
        ...{ graphql, memory, viewers, turn },
        limits: dependencies.limits,
        queries,
        findDocument,
        mask,
      }),
    },
  };
}

/** Returns true for an error that does not mean that the token is missing or invalid. */
function isOtherFault(error: unknown): boolean {
  return !(error instanceof EventlineError) || error.code !== 'UNAUTHENTICATED';
}
