import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { execute, subscribe } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Viewer } from '../auth/viewer.ts';
import { type ErrorCode, EventlineError, errorTable } from '../errors.ts';
import type { GraphqlContext } from '../schema/context.ts';
import { schema } from '../schema/schema.ts';
import { assertNotExpired, useExpiry } from './end-expired.ts';
import { maskError } from './mask-error.ts';

/** The largest GraphQL request, in bytes: documents, not data, come this way. */
export const MAX_REQUEST_BYTES = 256 * 1024;

/** The id of the HTTP request that is being handled, for errors deep inside. */
export const requestIds = new AsyncLocalStorage<string>();
const currentRequestId = () => requestIds.getStore() ?? randomUUID();

/** What comes with a request before the GraphQL context is made. */
export interface RequestContext {
  requestId: string;
  /** Set where the token was checked already: over WebSocket, once per connection. */
  viewer?: Viewer;
}

export interface GraphqlOptions {
  endpoint: string;
  log: GraphqlContext['log'];
  feed: GraphqlContext['feed'];
  authenticate: Authenticate;
  allowedOrigins: readonly string[];
  /** Gets every error that was masked. */
  report: (error: unknown, requestId: string) => void;
}

/** The GraphQL engine: over HTTP and SSE by itself, over WebSocket by its enveloped functions. */
export function createGraphql(options: GraphqlOptions) {
  const { endpoint, log, feed, authenticate, allowedOrigins, report } = options;
  return createYoga<RequestContext, GraphqlContext>({
    schema,
    graphqlEndpoint: endpoint,
    // In the order of a request's way: who asks, what is wrong with the document, the answer.
    plugins: [
      useViewer(authenticate, report),
      useErrorCodes(report),
      useReferenceExecution(),
      useExpiry(),
    ],
    context: ({ viewer }) => {
      if (viewer === undefined) throw new EventlineError('UNAUTHENTICATED', 'A token is needed.');
      assertNotExpired(viewer);
      return { viewer, log, feed };
    },
    maskedErrors: {
      maskError: (error) => maskError(error, currentRequestId(), report) as Error,
    },
    cors:
      allowedOrigins.length === 0
        ? false
        : {
            origin: [...allowedOrigins],
            methods: ['GET', 'POST'],
            allowedHeaders: ['Authorization', 'Content-Type', 'Accept'],
          },
    maxRequestBodySize: MAX_REQUEST_BYTES,
    // Pages of this server have their own way; GraphiQL is served before a request gets here.
    graphiql: false,
    landingPage: false,
    multipart: false,
    logging: false,
  });
}

/** No token, no operation: checked before the body is read. */
function useViewer(
  authenticate: Authenticate,
  report: GraphqlOptions['report'],
): Plugin<object, RequestContext> {
  return {
    async onRequestParse({ request, serverContext, endResponse, fetchAPI }) {
      try {
        serverContext.viewer = await authenticate(request.headers.get('authorization'));
      } catch (error) {
        const { message, extensions } = maskError(error, serverContext.requestId, report);
        const { code } = extensions;
        endResponse(
          fetchAPI.Response.json(
            { errors: [{ message, extensions: { code } }] },
            {
              status: errorTable[code as ErrorCode].httpStatus,
              headers: { 'WWW-Authenticate': 'Bearer' },
            },
          ),
        );
      }
    },
  };
}

/** Syntax and validation errors get a code as well; the masking sees execution only. */
function useErrorCodes(report: GraphqlOptions['report']): Plugin {
  return {
    onParse:
      () =>
      ({ result, replaceParseResult }) => {
        if (result instanceof Error)
          replaceParseResult(maskError(result, currentRequestId(), report));
      },
    onValidate:
      () =>
      ({ result, setResult }) => {
        if (result.length > 0) {
          setResult(result.map((error) => maskError(error, currentRequestId(), report)));
        }
      },
  };
}

/** graphql-js executes: Yoga's own executor moves fields that resolve late behind the others. */
function useReferenceExecution(): Plugin {
  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn(execute),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
  };
}
