import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Connection, ConnectionRequest } from './connection.ts';
import { ConnectionLostError, toFailure, unreadable } from './connection-lost-error.ts';
import { type Fetch, postGraphql, refusalOf } from './post-graphql.ts';
import { MAX_ANSWER_BYTES } from './read-bounded.ts';

export interface EventStreamSettings {
  fetch: Fetch;
  /** Time limit for the response headers, in milliseconds. */
  timeoutMs: number;
  /** Longest tolerated silence, in milliseconds; the server pings every 12 seconds. */
  silenceMs: number;
}

/**
 * Subscribes by GraphQL over SSE (distinct connections mode) with `fetch`, since an EventSource
 * cannot send a token. It reads only on demand, so a slow consumer applies backpressure to the
 * server.
 */
export function openEventStream(
  request: ConnectionRequest,
  { fetch, timeoutMs, silenceMs }: EventStreamSettings,
): Connection {
  const stop = new AbortController();
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  /** Received since the last complete message. */
  let pendingBytes = 0;
  const lost = (message: string, cause?: unknown) =>
    new ConnectionLostError('lost', message, { cause });

  const reading = within(timeoutMs, async () => {
    const response = await postGraphql(fetch, request, 'text/event-stream', stop.signal);
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || !type.startsWith('text/event-stream') || !response.body) {
      throw await refusalOf(response);
    }
    return response.body.getReader();
  });
  // The owner may close the connection before it awaits this promise.
  reading.catch(() => undefined);

  async function next(): Promise<unknown> {
    const reader = await reading;
    for (;;) {
      const message = messages.shift();
      if (message?.event === 'next') return toData(message.data);
      if (message?.event === 'complete') throw lost('The server ended the subscription.');
      if (message) continue;
      const { done, value } = await within(silenceMs, () => reader.read());
      if (done) throw lost('The stream has ended.');
      parser.feed(decoder.decode(value, { stream: true }));
      pendingBytes = messages.length > 0 ? 0 : pendingBytes + value.length;
      if (pendingBytes > MAX_ANSWER_BYTES) throw unreadable();
    }
  }

  /** A silence over the limit aborts the request, and with it everything that waits for it. */
  async function within<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => stop.abort(lost('The server is silent.')), limitMs);
    try {
      return await work();
    } catch (error) {
      if (stop.signal.aborted) throw stop.signal.reason;
      throw error instanceof TypeError ? lost('The connection was lost.', error) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    opened: reading.then(() => undefined),
    next,
    close: () => stop.abort(lost('The subscription was closed.')),
  };
}

function toData(text: string): unknown {
  const { data, errors } = parse(text);
  if (errors) throw toFailure(errors);
  return data;
}

function parse(text: string): { data?: unknown; errors?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch (cause) {
    throw unreadable(cause);
  }
}
