import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { EXPIRED } from '../../auth/create-verify.ts';
import { toJsonLine } from '../../catalog/json-line.ts';
import { isRetryable } from '../../errors.ts';
import { setLongTimeout } from '../http/set-long-timeout.ts';
import { takesOnlyEventStream } from './accepted-formats.ts';
import type { RequestContext } from './request-context.ts';
import { withoutHttp } from './without-http.ts';

/** Interval between comments that keep proxies from closing a silent stream, in milliseconds. */
const PING_MS = 12_000;
const PING = ':\n\n';
const COMPLETE = 'event: complete\ndata:\n\n';

interface Result extends ExecutionResult {
  /** Set where the result is serialised already. */
  stringify?: (result: ExecutionResult) => string;
}
type Results = AsyncIterable<Result>;
type Fetch = { Response: typeof Response; ReadableStream: typeof ReadableStream };

/** What a stream needs of its subscription. */
interface Subscription {
  viewer: { expiresAtMs: number };
  requestId: string;
}

/** Writes the results of subscriptions, and of requests that accept nothing else, as SSE. */
export function useEventStreams(): Plugin {
  const subscriptions = new WeakMap<Request, Subscription>();
  return {
    onSubscribe({ args }) {
      const context: Partial<RequestContext> = args.contextValue;
      const { request, viewer, requestId } = context;
      if (request && viewer && requestId) subscriptions.set(request, { viewer, requestId });
    },
    onResultProcess({ request, result, setResultProcessor }) {
      if (Array.isArray(result)) return;
      if (!isAsyncIterable(result) && !takesOnlyEventStream(request)) return;
      const subscription = subscriptions.get(request);
      setResultProcessor(
        (given, fetchAPI) => toEventStream(given as Result | Results, fetchAPI, subscription),
        'text/event-stream',
      );
    },
  };
}

/**
 * Returns the event stream of one result, or of a subscription's results (GraphQL over SSE, distinct
 * connections mode).
 *
 * A subscription has no end of its own: the server stops, an error ends it, or the token expires,
 * which the last result says. `complete` tells clients not to connect again, so only an error that a
 * retry cannot fix is followed by it.
 */
export function toEventStream(
  result: Result | Results,
  { Response, ReadableStream }: Fetch,
  subscription?: Subscription,
): Response {
  const results = isAsyncIterable(result) ? result[Symbol.asyncIterator]() : once(result);
  const encoder = new TextEncoder();
  let hasEnded = false;
  let isComplete = subscription === undefined;
  let pings: NodeJS.Timeout | undefined;
  let cancelExpiry: (() => void) | undefined;

  function end(): void {
    hasEnded = true;
    clearInterval(pings);
    cancelExpiry?.();
  }

  function write(controller: ReadableStreamDefaultController<Uint8Array>, value: Result): void {
    if (subscription) isComplete = isFinal(value);
    controller.enqueue(encoder.encode(`event: next\ndata: ${toText(value)}\n\n`));
  }

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Some browsers hand out a response when its first byte arrives.
      controller.enqueue(encoder.encode(PING));
      pings = setInterval(() => {
        // 0 under backpressure, null after an error.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(PING));
      }, PING_MS);
      if (subscription === undefined) return;
      cancelExpiry = setLongTimeout(subscription.viewer.expiresAtMs, () => {
        end();
        // Now, even if the client does not read on.
        Promise.resolve(results.return?.()).catch(() => undefined);
        write(controller, expiredResult(subscription));
        controller.close();
      });
    },
    async pull(controller) {
      try {
        const { value, done } = await results.next();
        // The token has expired: too late for a result.
        if (hasEnded) return;
        if (!done) return write(controller, value);
        end();
        if (isComplete) controller.enqueue(encoder.encode(COMPLETE));
        controller.close();
      } catch (error) {
        if (hasEnded) return;
        end();
        controller.error(error);
      }
    },
    async cancel() {
      end();
      await results.return?.();
    },
  });
  return new Response(body, {
    status: isAsyncIterable(result) ? 200 : statusOf(result),
    headers: {
      'Content-Type': 'text/event-stream',
      // A proxy that compresses would collect the events, too.
      'Cache-Control': 'no-cache, no-transform',
      // nginx would collect the events in a buffer.
      'X-Accel-Buffering': 'no',
    },
  });
}

function expiredResult({ requestId }: Subscription): Result {
  return {
    errors: [new GraphQLError(EXPIRED, { extensions: { code: 'UNAUTHENTICATED', requestId } })],
  };
}

async function* once(result: Result): AsyncGenerator<Result> {
  yield result;
}

function isFinal({ data, errors }: Result): boolean {
  return (
    !data && errors !== undefined && !errors.some((error) => isRetryable(error.extensions.code))
  );
}

function statusOf({ errors = [] }: Result): number {
  const statuses = errors.map(({ extensions }) => {
    const http = extensions.http as { status?: number; spec?: boolean } | undefined;
    return http?.spec ? 0 : (http?.status ?? 0);
  });
  return Math.max(0, ...statuses) || 200;
}

function toText(result: Result): string {
  const { errors, stringify } = result;
  const shown = errors ? { ...result, errors: withoutHttp(errors) as GraphQLError[] } : result;
  return toJsonLine(stringify ? stringify(shown) : JSON.stringify(shown));
}
