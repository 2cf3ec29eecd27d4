import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { describeLimit, type Limits } from '../../config/limits.ts';
import { collectBytes } from '../../webhook/collect-bytes.ts';
import { LARGE_BYTES, type Turn } from './create-turn-limiter.ts';
import type { RequestContext } from './request-context.ts';

const BYTE_ORDER_MARK = /^\ufeff/;

/**
 * Reads the JSON bodies of POST requests, whose Content-Type `useRequiredPreflight` has checked;
 * Yoga's own parser knows only some notations of it. A byte order mark is ignored (RFC 8259, 8.1).
 *
 * Refuses bodies that are too large: by their Content-Length, which Node enforces, before they are
 * read, and without one while they are read. Yoga's own limit would pass every body through two
 * more streams. Small chunks are copied together, since each would take more memory than it has bytes.
 *
 * @param turn waits until a large body may be parsed, which takes milliseconds
 */
export function useJsonBodies(limits: Limits, turn: Turn): Plugin<object, RequestContext> {
  const maxBytes = limits.maxGraphqlBytes;
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method !== 'POST') return;
      const contentLength = request.headers.get('content-length');
      if (contentLength !== null && Number(contentLength) > maxBytes) throw bodyTooLarge(limits);
      setRequestParser(async ({ body }) => {
        const text = await readText(body, limits);
        if (text.length > LARGE_BYTES) await turn(serverContext.memory?.viewer);
        return parse(text);
      });
    },
  };
}

/** Returns the parameters, or a list of them, which is refused later. */
function parse(text: string): object {
  let body: unknown;
  try {
    body = JSON.parse(text.replace(BYTE_ORDER_MARK, ''));
  } catch {
    throw refusal(400, 'The body is not JSON.');
  }
  if (typeof body === 'object' && body !== null) return body;
  throw refusal(400, 'The body is not a JSON object.');
}

/**
 * Reads a body within the limits, as UTF-8.
 * @throws GraphQLError, answered 413, for too many bytes, and for too many chunks
 */
export async function readText(
  body: Request['body'],
  limits: Pick<Limits, 'maxGraphqlBytes'>,
): Promise<string> {
  const collected = collectBytes();
  // Not `for await`: leaving it early would end the connection before the answer.
  const reader = body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    collected.add(Buffer.from(read.value.buffer, read.value.byteOffset, read.value.byteLength));
    if (collected.size() > limits.maxGraphqlBytes) throw bodyTooLarge(limits);
    if (collected.isScattered()) throw refusal(413, 'The body has too many chunks for its size.');
  }
  return collected.bytes().toString();
}

function bodyTooLarge(limits: Pick<Limits, 'maxGraphqlBytes'>): GraphQLError {
  return refusal(413, `A request body may have ${describeLimit(limits, 'maxGraphqlBytes')} bytes.`);
}

function refusal(status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status } } });
}
