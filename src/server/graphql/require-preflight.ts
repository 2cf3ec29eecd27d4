import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isJsonBody } from '../../webhook/media-type.ts';

/** Any of them makes a browser ask first (Fetch, 2.2.2): no form or link can send it. */
const PREFLIGHT_HEADERS = [
  'graphql-require-preflight',
  'apollo-require-preflight',
  'x-graphql-yoga-csrf',
];

/**
 * Takes no request that a foreign page could make a browser send without asking this server first:
 * a POST needs a JSON body, everything else a header of its own. A token in `Authorization` asks for
 * the same; this holds also where something in front adds it.
 *
 * Not by Yoga's plugin: that has a list of what is refused, this one of what is taken.
 */
export function useRequiredPreflight(): Plugin {
  return {
    onRequestParse({ request }) {
      const { method, headers } = request;
      if (method !== 'GET' && method !== 'POST') return;
      const type = headers.get('content-type') ?? undefined;
      const coding = headers.get('content-encoding') ?? undefined;
      if (method === 'POST' && !isJsonBody(type, coding)) {
        throw refusal(
          415,
          'A POST needs Content-Type application/json, in UTF-8 and without Content-Encoding.',
        );
      }
      if (method === 'POST' || PREFLIGHT_HEADERS.some((name) => headers.has(name))) return;
      throw refusal(400, 'A GET needs the header GraphQL-Require-Preflight: 1.');
    },
  };
}

function refusal(status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status } } });
}
