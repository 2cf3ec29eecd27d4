import { createYoga, type Plugin } from 'graphql-yoga';
import type { Authenticate } from '../../auth/authenticate.ts';
import { type ErrorCode, EventlineError, errorTable } from '../../errors.ts';
import type { LogState } from '../../log/state/log-state.ts';
import type { MemoryBudget } from '../../memory/memory-budget.ts';
import { createSharedUse } from '../../memory/shared-use.ts';
import {
  type OperationMetrics,
  useOperationMetrics,
} from '../../observability/metrics/operations.ts';
import type { GraphqlContext } from '../../schema/context.ts';
import { schema } from '../../schema/schema.ts';
import { createShareExecution } from '../sharing/share-execution.ts';
import { createSubscribe } from '../sharing/subscribe-shared.ts';
import { useAcceptedFormats } from './accepted-formats.ts';
import { createBoundedExecute } from './bounded-execute.ts';
import type { Turn } from './create-turn-limiter.ts';
import { createDocumentCache } from './document-cache.ts';
import { assertNotExpired } from './end-expired.ts';
import { useEventStreams } from './event-stream.ts';
import { useKnownParameters } from './known-parameters.ts';
import { useDocumentLimits } from './limit-documents.ts';
import { useSubscriptionLimits } from './limit-subscriptions.ts';
import { useFewValues } from './limit-values.ts';
import type { Mask } from './mask-error.ts';
import { useMaskedResults } from './mask-results.ts';
import { type FindDocument, useFoundDocuments } from './persisted-operations.ts';
import { useJsonBodies } from './read-bodies.ts';
import { useReadableParameters } from './refuse-broken-parameters.ts';
import type { RequestContext } from './request-context.ts';
import { useRequiredPreflight } from './require-preflight.ts';
import type { ViewerLimits } from './viewer-limits.ts';

export interface GraphqlOptions {
  endpoint: string;
  log: GraphqlContext['log'];
  feed: GraphqlContext['feed'];
  logState: Pick<LogState, 'onEpoch'>;
  views: GraphqlContext['views'];
  retryRejected: GraphqlContext['retryRejected'];
  authenticate: Authenticate;
  limits: GraphqlContext['limits'];
  viewers: ViewerLimits;
  memory: MemoryBudget;
  /** Waits until an operation may begin. */
  turn: Turn;
  findDocument: FindDocument;
  /** Nothing is counted when absent. */
  metrics?: OperationMetrics | undefined;
  mask: Mask;
}

/** Creates the GraphQL engine. It serves HTTP and SSE; WebSockets use its enveloped functions. */
export function createGraphql(options: GraphqlOptions) {
  const { endpoint, log, feed, views, retryRejected, logState, limits } = options;
  const { viewers, findDocument, turn, metrics, mask } = options;
  const services = { log, feed, views, retryRejected, limits };
  const execute = createBoundedExecute(limits);
  const share = createShareExecution(services, logState, metrics?.tally);
  return createYoga<RequestContext, GraphqlContext>({
    schema,
    graphqlEndpoint: endpoint,
    // In the order of a request: authentication, the document, the answer.
    plugins: [
      useViewer(options),
      useRequiredPreflight(),
      useAcceptedFormats(),
      useJsonBodies(limits, turn),
      useReadableParameters(),
      useFewValues(limits),
      useTurns(turn),
      useFoundDocuments(findDocument),
      useKnownParameters(),
      useDocumentLimits(limits, mask),
      useErrorCodes(mask),
      useReferenceExecution(execute, createSubscribe(execute, share, mask, metrics?.tally)),
      ...(metrics ? [useOperationMetrics(metrics)] : []),
      useSubscriptionLimits(viewers, metrics),
      useMaskedResults(mask),
      useEventStreams(),
    ],
    parserAndValidationCache: createDocumentCache(),
    context: ({ viewer, budget, memory, request }) => {
      if (viewer === undefined) throw new EventlineError('UNAUTHENTICATED', 'A token is needed.');
      assertNotExpired(viewer);
      const isInAddress = request?.method === 'GET';
      return { viewer, ...services, isInAddress, budget, memory };
    },
    // Yoga's masking does not know the request of an error.
    maskedErrors: false,
    // The router sets the headers of every answer.
    cors: () => false,
    // `useJsonBodies` checks it.
    maxRequestBodySize: false,
    // GraphiQL is served before a request gets here.
    graphiql: false,
    landingPage: false,
    multipart: false,
    logging: false,
  });
}

/** When a client that was refused may ask again. Unit: seconds. */
const RETRY_AFTER_S = 1;

/** Authenticates, and counts the viewer's queries, before the body is read. */
function useViewer({
  authenticate,
  viewers,
  memory: budget,
  mask,
}: GraphqlOptions): Plugin<object, RequestContext> {
  return {
    async onRequestParse({ request, serverContext, endResponse, fetchAPI }) {
      try {
        const viewer = await authenticate(request.headers.get('authorization'));
        const release = viewers.query(viewer);
        // Counted until it is answered and executed: a client that leaves ends no execution.
        const query = createSharedUse(release);
        const memory = budget.open({
          viewer: viewers.keyOf(viewer),
          reclaim: serverContext.cutOff,
        });
        serverContext.onClosed?.(query.begin());
        serverContext.onClosed?.(() => memory.end());
        const { begin: onExecution } = query;
        Object.assign(serverContext, { viewer, memory, onExecution, isNoQuery: release });
      } catch (error) {
        const { message, extensions } = mask(error, serverContext.requestId);
        const { code } = extensions;
        const { httpStatus } = errorTable[code as ErrorCode];
        const header =
          httpStatus === errorTable.UNAUTHENTICATED.httpStatus
            ? { 'WWW-Authenticate': 'Bearer' }
            : { 'Retry-After': String(RETRY_AFTER_S) };
        endResponse(
          fetchAPI.Response.json(
            { errors: [{ message, extensions: { code, requestId: extensions.requestId } }] },
            {
              status: httpStatus,
              headers: header,
            },
          ),
        );
      }
    },
  };
}

/** Lets operations wait until they may begin. */
function useTurns(turn: Turn): Plugin {
  return {
    onParams: ({ context }) => turn((context as RequestContext).memory?.viewer),
  };
}

/** Syntax and validation errors get a code before they are cached with the document. */
function useErrorCodes(mask: Mask): Plugin<RequestContext> {
  return {
    onParse:
      ({ context: { requestId } }) =>
      ({ result, replaceParseResult }) => {
        if (result instanceof Error) replaceParseResult(mask(result, requestId));
      },
    onValidate:
      ({ context: { requestId } }) =>
      ({ result, setResult }) => {
        if (result.length > 0) setResult(result.map((error) => mask(error, requestId)));
      },
  };
}

/** Executes with graphql-js: Yoga's executor moves fields that resolve late behind the others. */
function useReferenceExecution(
  execute: ReturnType<typeof createBoundedExecute>,
  subscribe: ReturnType<typeof createSubscribe>,
): Plugin {
  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn(execute),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
  };
}
