import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';

/** Parameters of a GET that Yoga does not read. */
const IDS = ['documentId', 'doc_id', 'id'] as const;

/**
 * Reads the ids of documents from the URL of a GET request, and refuses one whose `variables` or
 * `extensions` are not JSON. Yoga passes on the parser's error, which quotes them and would count as
 * a fault of the server.
 */
export function useReadableParameters(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (request.method !== 'GET' || requestParser === undefined) return;
      setRequestParser((given) => {
        try {
          return { ...(requestParser(given) as GraphQLParams), ...idsIn(given.url) };
        } catch {
          throw new GraphQLError('variables, extensions: expected JSON.', {
            extensions: { http: { status: 400 } },
          });
        }
      });
    },
  };
}

function idsIn(url: string): Partial<Record<(typeof IDS)[number], string>> {
  const { searchParams } = new URL(url, 'http://localhost');
  return Object.fromEntries(
    IDS.flatMap((name) => {
      const id = searchParams.get(name);
      return id === null ? [] : [[name, id]];
    }),
  );
}
