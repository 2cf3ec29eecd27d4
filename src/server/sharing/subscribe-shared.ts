import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  type execute,
} from 'graphql';
import type { StoredEvent } from '../../catalog/event.ts';
import { EventIterator } from '../../feed/event-iterator.ts';
import type { Tally } from '../../observability/metrics/create-tally.ts';
import type { Mask } from '../graphql/mask-error.ts';
import type { RequestContext } from '../graphql/request-context.ts';
import { wrapIterator } from '../graphql/wrap-iterator.ts';
import { createFrameSink } from '../websocket/create-frame-sink.ts';
import type { createShareExecution, Member } from './share-execution.ts';

type Results = AsyncIterableIterator<ExecutionResult>;

/**
 * Creates the `subscribe` function for graphql-js. It executes each subscription per event, and
 * shared subscriptions once for all (`createShareExecution`). Over WebSocket shared results are
 * written directly (`createFrameSink`); over SSE Yoga takes them from their `stringify`.
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
    const { frames, request, requestId, memory } = args.contextValue as RequestContext;
    memory?.waitForever();
    const events = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in events)) return events;
    const iterator = events instanceof EventIterator ? events : undefined;
    const member = iterator && share(args);
    if (member && frames) iterator.pipe(createFrameSink(frames, member, tally));
    function toResult(event: unknown) {
      const shared = request && member && sharedResult(member, event as StoredEvent);
      if (shared === undefined) {
        if (tally) countOwn(tally, request !== undefined);
        return executeBounded({ ...args, rootValue: event });
      }
      if (tally) tally.delivered.sseShared += 1;
      return shared;
    }
    return wrapIterator(events, {
      // The result before was sent.
      onNext: () => memory?.release(),
      map: toResult,
      mapError: (error) => mask(error, requestId),
      onEnd: member && (() => member.leave()),
    });
  };
}

function countOwn({ executed, delivered }: Tally, isSse: boolean): void {
  executed.own += 1;
  if (isSse) delivered.sseOwn += 1;
  else delivered.webSocketOwn += 1;
}

function sharedResult(member: Member, event: StoredEvent): ExecutionResult | undefined {
  const text = member.textOf(event);
  if (text === undefined) return undefined;
  // Without the bracket that closes the surrounding message.
  return { stringify: () => text.toString('utf8', 0, text.length - 1) } as ExecutionResult;
}
