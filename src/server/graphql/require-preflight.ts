import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isJsonBody } from './is-json-body.ts';

/**
 * A browser sends a preflight request for any of these (Fetch, 2.2.2): no form or link can send
 * them.
 */
const PREFLIGHT_HEADERS = [
  'graphql-require-preflight',
  'apollo-require-preflight',
  'x-graphql-yoga-csrf',
];

/**
 * Refuses every request that a foreign page could send without a preflight: a POST needs a JSON
 * body, any other method a custom header. An `Authorization` header requires a preflight too; this
 * rule also holds where a proxy adds that header.
 *
 * Yoga's plugin is not used: it lists what is refused, this one what is accepted.
 */
export function useRequiredPreflight(): Plugin {
  return {
    onRequestParse({ request }) {
      const { method, headers } = request;
      if (method !== 'GET' && method !== 'POST') {
        throw refusal(405, 'Use POST, or GET for queries.', { Allow: 'GET, POST' });
      }
      const type = headers.get('content-type') ?? undefined;
      const coding = headers.get('content-encoding') ?? undefined;
      if (method === 'POST' && !isJsonBody(type, coding)) {
        throw refusal(
          415,
          'A POST needs Content-Type application/json, in UTF-8 and without Content-Encoding.',
        );
      }
      if (method === 'POST' || PREFLIGHT_HEADERS.some((name) => headers.has(name))) return;
      throw refusal(
        400,
        'A GET needs the header GraphQL-Require-Preflight: 1. Send it, or use POST (urql: preferGetMethod: false).',
      );
    },
  };
}

function refusal(status: number, message: string, headers = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status, headers } } });
}
