import { type ExecutionArgs, type GraphQLError, getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Viewer } from '../../auth/viewer.ts';
import type { Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import type { MemoryBudget } from '../../memory/memory-budget.ts';
import type { GraphqlContext } from '../../schema/context.ts';
import type { createGraphql } from '../graphql/create-graphql.ts';
import type { Turn } from '../graphql/create-turn-limiter.ts';
import { dropUnknown } from '../graphql/known-parameters.ts';
import { assertFewValues } from '../graphql/limit-values.ts';
import type { Mask } from '../graphql/mask-error.ts';
import { createOperationCounter } from '../graphql/operation-counter.ts';
import type { FindDocument } from '../graphql/persisted-operations.ts';
import type { ViewerLimits } from '../graphql/viewer-limits.ts';
import type { FrameTarget } from './create-frame-sink.ts';
import { HeldOperation } from './held-operation.ts';

/** Clients use UUIDs or numbers. Unit: characters. */
const MAX_ID_LENGTH = 256;

export interface PrepareOptions {
  graphql: ReturnType<typeof createGraphql>;
  memory: MemoryBudget;
  viewers: Pick<ViewerLimits, 'keyOf' | 'query'>;
  /** Waits until an operation may begin. */
  turn: Turn;
  limits: Limits;
  /** False: subscriptions only. */
  queries: boolean;
  findDocument: FindDocument;
  mask: Mask;
}

/** Functions that execute a prepared operation. */
export interface Run {
  // biome-ignore lint/suspicious/noExplicitAny: Yoga's own types
  execute: (args: ExecutionArgs) => any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  subscribe: (args: ExecutionArgs) => any;
}
export interface PreparedOperation extends ExecutionArgs {
  rootValue: Run;
}

/** The connection that sends operations. */
export interface Sender {
  viewer: Viewer;
  /** Memory that the connection's subscriptions share. */
  budget?: GraphqlContext['budget'];
  socket: object;
  /** Ends the connection, whose client does not read. */
  cutOff?: () => void;
  /** The operations that the connection has open. */
  open?: Set<HeldOperation> | undefined;
  /** The id of the message. */
  requestId: string;
  /** Where its shared results are written. */
  frames?: FrameTarget;
}

/**
 * Creates the function that prepares a WebSocket's `subscribe` message for execution, with the same
 * plugins, rules and limits as HTTP. It returns faults as masked errors and never throws: on an
 * exception graphql-ws would close the socket with all its other operations.
 */
export function createPrepareOperation(options: PrepareOptions) {
  const { graphql, memory, viewers, turn, limits, queries, findDocument, mask } = options;
  const operations = createOperationCounter(limits);
  const heldBy = new WeakMap<SubscribePayload, HeldOperation>();

  async function prepare(
    { viewer, budget, requestId, frames }: Sender,
    payload: SubscribePayload,
    held: HeldOperation,
  ): Promise<PreparedOperation | readonly GraphQLError[]> {
    const query = findDocument(payload);
    // graphql-ws keeps the payload of an open operation.
    dropUnknown(payload);
    const { variables } = payload;
    // Some clients send an empty name for none.
    const operationName = payload.operationName || undefined;
    Object.assign(payload, { query: '', variables: null });
    const enveloped = graphql.getEnveloped({
      viewer,
      budget,
      memory: held.memory,
      requestId,
      operation: held,
      frames,
    });
    const document = enveloped.parse(query) as ExecutionArgs['document'];
    const errors: readonly GraphQLError[] = enveloped.validate(enveloped.schema, document);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      throw new EventlineError('BAD_USER_INPUT', 'Name the operation to run (operationName).');
    }
    if (!queries) refuseUnlessSubscription(operation.operation);
    if (operation.operation !== 'subscription') held.countQuery(viewers.query(viewer));
    return {
      schema: enveloped.schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: await enveloped.contextFactory(),
      rootValue: counted(enveloped, held),
    };
  }

  async function prepareOperation(
    sender: Sender,
    payload: SubscribePayload,
  ): Promise<PreparedOperation | readonly GraphQLError[]> {
    const { viewer, socket, cutOff, open, requestId, frames } = sender;
    let held: HeldOperation | undefined;
    try {
      assertShort(frames?.operationId ?? '');
      assertFewValues(payload, limits);
      const ended = operations.start(socket);
      const own = memory.open({ viewer: viewers.keyOf(viewer), reclaim: cutOff });
      held = new HeldOperation(own, ended, open);
      heldBy.set(payload, held);
      await turn(own.viewer);
      const result = await prepare(sender, payload, held);
      if (!('length' in result)) return result;
      held.end();
      return result.map((error) => mask(error, requestId));
    } catch (error) {
      held?.end();
      return [mask(error, requestId)];
    }
  }

  /** To be called when the result of a `subscribe` message has been sent. */
  const resultSent = (payload: SubscribePayload) => heldBy.get(payload)?.sent();
  return { prepareOperation, resultSent };
}

/** Reports the end of an operation; a subscription's stream reports its own. */
function counted({ execute, subscribe }: Run, held: HeldOperation): Run {
  return {
    execute: async (args) => {
      try {
        return await execute(args);
      } catch (error) {
        held.sent();
        throw error;
      } finally {
        held.executed();
      }
    },
    async subscribe(args) {
      try {
        const result = await subscribe(args);
        if (!(Symbol.asyncIterator in result)) held.executed();
        return result;
      } catch (error) {
        held.executed();
        throw error;
      }
    },
  };
}

/**
 * A subscription keeps its id, and each of its events is sent with it.
 * @throws EventlineError BAD_USER_INPUT
 */
function assertShort(operationId: string): void {
  if (operationId.length <= MAX_ID_LENGTH) return;
  throw new EventlineError(
    'BAD_USER_INPUT',
    `The id of an operation may have ${MAX_ID_LENGTH} characters.`,
  );
}

function refuseUnlessSubscription(operation: string): void {
  if (operation === 'subscription') return;
  throw new EventlineError(
    'BAD_USER_INPUT',
    `WEBSOCKET_QUERIES=off: only subscriptions are allowed over WebSocket, not a ${operation}. Send it over HTTP.`,
  );
}
