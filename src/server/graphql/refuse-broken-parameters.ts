import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Refuses a GET request whose `variables` or `extensions` are not JSON. Yoga passes on the parser's
 * error, which quotes them and would count as a fault of the server.
 */
export function useReadableParameters(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (request.method !== 'GET' || requestParser === undefined) return;
      setRequestParser((given) => {
        try {
          return requestParser(given);
        } catch {
          throw new GraphQLError('variables, extensions: expected JSON.', {
            extensions: { http: { status: 400 } },
          });
        }
      });
    },
  };
}
