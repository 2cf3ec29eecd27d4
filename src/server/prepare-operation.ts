import type { IncomingMessage } from 'node:http';
import { type ExecutionArgs, type GraphQLError, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Viewer } from '../auth/viewer.ts';
import { EventlineError } from '../errors.ts';
import type { createGraphql } from './create-graphql.ts';
import { maskError } from './mask-error.ts';
import type { FindDocument } from './persisted-operations.ts';
import { currentRequestId } from './request-ids.ts';

export interface PrepareOptions {
  graphql: ReturnType<typeof createGraphql>;
  /** False: subscriptions alone. */
  queries: boolean;
  /** Given: only what it finds runs. */
  findDocument?: FindDocument | undefined;
  report: (error: unknown, requestId: string) => void;
}

export interface PreparedOperation extends ExecutionArgs {
  rootValue: Enveloped;
}

interface Enveloped {
  // biome-ignore lint/suspicious/noExplicitAny: what Yoga says of them
  execute: (args: ExecutionArgs) => any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  subscribe: (args: ExecutionArgs) => any;
}

/**
 * Makes the way from a WebSocket's `subscribe` message to what can be executed: by the same plugins,
 * rules and limits as over HTTP. What is wrong comes back as errors, masked; it never throws, on
 * which graphql-ws would close the socket with all its other operations.
 */
export function createPrepareOperation({ graphql, queries, findDocument, report }: PrepareOptions) {
  async function prepare(
    extra: { viewer: Viewer; request: IncomingMessage },
    payload: SubscribePayload,
    requestId: string,
  ): Promise<PreparedOperation | readonly GraphQLError[]> {
    const query = findDocument ? findDocument(payload) : payload.query;
    const { operationName, variables } = payload;
    const enveloped = graphql.getEnveloped({
      viewer: extra.viewer,
      requestId,
      req: extra.request,
      params: { query, operationName, variables },
    });
    const document = enveloped.parse(query) as ExecutionArgs['document'];
    const errors: readonly GraphQLError[] = enveloped.validate(enveloped.schema, document);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      throw new EventlineError(
        'BAD_USER_INPUT',
        'Name the one operation of the document that is meant.',
      );
    }
    if (!queries) refuseUnlessSubscription(operation.operation);
    return {
      schema: enveloped.schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: await enveloped.contextFactory(),
      rootValue: { execute: enveloped.execute, subscribe: enveloped.subscribe },
    };
  }

  return async function prepareOperation(
    extra: { viewer: Viewer; request: IncomingMessage },
    payload: SubscribePayload,
  ): Promise<PreparedOperation | readonly GraphQLError[]> {
    const requestId = currentRequestId();
    const result = await prepare(extra, payload, requestId).catch((error) => [error]);
    return Array.isArray(result)
      ? result.map((error) => maskError(error, requestId, report))
      : (result as PreparedOperation);
  };
}

function refuseUnlessSubscription(operation: string): void {
  if (operation === 'subscription') return;
  throw new EventlineError(
    'BAD_USER_INPUT',
    `Over WebSocket only subscriptions run here, and no ${operation} (WEBSOCKET_QUERIES). Send it by HTTP.`,
  );
}
