import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { describeLimit, type Limits } from '../../config/limits.ts';

/**
 * Refuses bodies that are too large: by their Content-Length, which Node enforces, before they are
 * read, and without one while they are read. Yoga's own limit would pass every body through two
 * more streams.
 */
export function useBodyLimit(limits: Limits): Plugin {
  const maxBytes = limits.maxGraphqlBytes;
  return {
    onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
      const contentLength = request.headers.get('content-length');
      if (contentLength !== null && Number(contentLength) > maxBytes) throw bodyTooLarge(limits);
      if (contentLength !== null && Number(contentLength) <= maxBytes) return;
      if (requestParser === undefined || request.body === null) return;
      setRequestParser(async ({ url, method, headers, body }) => {
        const text = await textWithin(body, limits);
        return requestParser(new fetchAPI.Request(url, { method, headers, body: text }));
      });
    },
  };
}

async function textWithin(body: Request['body'], limits: Limits): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Not `for await`: leaving it early would end the connection before the answer.
  const reader = body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    bytes += read.value.byteLength;
    if (bytes > limits.maxGraphqlBytes) throw bodyTooLarge(limits);
    chunks.push(read.value);
  }
  return Buffer.concat(chunks).toString();
}

function bodyTooLarge(limits: Limits): GraphQLError {
  const most = describeLimit(limits, 'maxGraphqlBytes');
  return new GraphQLError(`A request body may have ${most} bytes.`, {
    extensions: { http: { status: 413 } },
  });
}
