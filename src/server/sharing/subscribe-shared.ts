import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  type execute,
} from 'graphql';
import type { StoredEvent } from '../../catalog/event.ts';
import type { FlowingEvents } from '../../feed/flowing-events.ts';
import { returnThis } from '../../feed/return-this.ts';
import type { Tally } from '../../observability/metrics/create-tally.ts';
import type { Mask } from '../graphql/mask-error.ts';
import type { RequestContext } from '../graphql/request-context.ts';
import type { createShareExecution, Member } from './share-execution.ts';

type Results = AsyncIterableIterator<ExecutionResult>;

/**
 * Creates the `subscribe` function for graphql-js. It executes each subscription per event, and
 * shared subscriptions once for all (`createShareExecution`). Over WebSocket it exposes the source
 * of the results to `flowToSocket`; over SSE it returns serialised results, which Yoga takes from
 * their `stringify`.
 *
 * @param mask masks the error that ends a stream, since graphql-ws sends it unchanged
 * @param tally counts delivered results
 */
export function createSubscribe(
  executeBounded: typeof execute,
  share: ReturnType<typeof createShareExecution>,
  mask: Mask,
  tally?: Tally,
) {
  return async function subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult> {
    const { shared, request, requestId, memory } = args.contextValue as RequestContext;
    memory?.waitForever();
    const stream = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in stream)) return stream;
    const events = stream[Symbol.asyncIterator]() as AsyncIterableIterator<unknown>;
    const member = flows(events) ? share(args) : undefined;
    /** What the events before were answered with has been sent. */
    const onSent = () => memory?.release();
    if (shared && member && flows(events)) shared.source = { events, member, onSent, tally };
    const ordinary = (event: unknown) => {
      if (tally) countOwn(tally, request !== undefined);
      return executeBounded({ ...args, rootValue: event });
    };
    const toError = (error: unknown) => mask(error, requestId);
    if (member === undefined) return mapEvents(events, ordinary, { toError, onSent });
    const byText =
      request &&
      ((event: unknown) => {
        const result = toResult(member, event as StoredEvent);
        if (tally && result) tally.delivered.sseShared += 1;
        return result;
      });
    const { leave: onEnd } = member;
    return mapEvents(events, (event) => byText?.(event) ?? ordinary(event), {
      toError,
      onSent,
      onEnd,
    });
  };
}

function countOwn({ executed, delivered }: Tally, isSse: boolean): void {
  executed.own += 1;
  if (isSse) delivered.sseOwn += 1;
  else delivered.webSocketOwn += 1;
}

function flows(events: AsyncIterableIterator<unknown>): events is FlowingEvents {
  return 'flow' in events;
}

function toResult(member: Member, event: StoredEvent): ExecutionResult | undefined {
  const text = member.textOf(event);
  if (text === undefined) return undefined;
  // Without the bracket that closes the surrounding message.
  return { stringify: () => text.toString('utf8', 0, text.length - 1) } as ExecutionResult;
}

/**
 * Maps events to results as graphql-js does. `onSent` is called when the next result is requested,
 * `onEnd` at the end of the stream.
 */
function mapEvents(
  events: AsyncIterableIterator<unknown>,
  toResult: (event: unknown) => ReturnType<typeof execute>,
  {
    toError,
    onSent,
    onEnd,
  }: { toError: (error: unknown) => Error; onSent: () => void; onEnd?: () => void },
): Results {
  async function map(step: Promise<IteratorResult<unknown>>) {
    try {
      const { done, value } = await step;
      if (!done) return { done: false as const, value: await toResult(value) };
    } catch (error) {
      onEnd?.();
      await Promise.resolve(events.return?.()).catch(() => undefined);
      throw toError(error);
    }
    onEnd?.();
    return { done: true as const, value: undefined };
  }
  const results: Results = {
    next() {
      onSent();
      return map(events.next());
    },
    return: () => map(Promise.resolve(events.return?.() ?? { done: true, value: undefined })),
    throw: (error) => map(Promise.resolve(events.throw?.(error) ?? Promise.reject(error))),
    [Symbol.asyncIterator]: returnThis,
  };
  return results;
}
