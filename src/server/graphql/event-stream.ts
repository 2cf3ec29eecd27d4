import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { toJsonLine } from '../../catalog/json-line.ts';
import { isRetryable } from '../../errors.ts';
import { takesOnlyEventStream } from './accepted-formats.ts';
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

/** Writes the results of subscriptions, and of requests that accept nothing else, as SSE. */
export function useEventStreams(): Plugin {
  const subscriptions = new WeakSet<Request>();
  return {
    onSubscribe({ args }) {
      const { request } = args.contextValue as { request?: Request };
      if (request) subscriptions.add(request);
    },
    onResultProcess({ request, result, setResultProcessor }) {
      if (Array.isArray(result)) return;
      if (!isAsyncIterable(result) && !takesOnlyEventStream(request)) return;
      const isSubscription = subscriptions.has(request);
      setResultProcessor(
        (given, fetchAPI) => toEventStream(given as Result | Results, fetchAPI, isSubscription),
        'text/event-stream',
      );
    },
  };
}

/**
 * Returns the event stream of one result, or of a subscription's results (GraphQL over SSE, distinct
 * connections mode).
 *
 * A subscription has no end of its own: the server stops, the token expires, or an error ends it.
 * `complete` tells clients not to connect again, so only an error that a retry cannot fix is followed
 * by it.
 */
export function toEventStream(
  result: Result | Results,
  { Response, ReadableStream }: Fetch,
  isSubscription: boolean,
): Response {
  const results = isAsyncIterable(result) ? result[Symbol.asyncIterator]() : once(result);
  const encoder = new TextEncoder();
  let isComplete = !isSubscription;
  let pings: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Some browsers hand out a response when its first byte arrives.
      controller.enqueue(encoder.encode(PING));
      pings = setInterval(() => {
        // 0 under backpressure, null after an error.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(PING));
      }, PING_MS);
    },
    async pull(controller) {
      try {
        const { value, done } = await results.next();
        if (done) {
          clearInterval(pings);
          if (isComplete) controller.enqueue(encoder.encode(COMPLETE));
          return controller.close();
        }
        if (isSubscription) isComplete = isFinal(value);
        controller.enqueue(encoder.encode(`event: next\ndata: ${toText(value)}\n\n`));
      } catch (error) {
        clearInterval(pings);
        controller.error(error);
      }
    },
    async cancel() {
      clearInterval(pings);
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
