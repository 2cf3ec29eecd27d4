import type { GraphQLParams, Plugin } from 'graphql-yoga';

/** The members of a request that are read after its document was found. */
const KNOWN: ReadonlySet<string> = new Set(['query', 'operationName', 'variables']);

/**
 * Ignores other members of a request (GraphQL over HTTP, 5.1), such as the `id` that Relay's network
 * layers add. Yoga refuses them.
 */
export function useKnownParameters(): Plugin {
  return {
    onParams({ params, setParams }) {
      if (typeof params !== 'object' || params === null || Array.isArray(params)) return;
      const { operationName, extensions } = params as Record<string, unknown>;
      const known = { ...params };
      dropUnknown(known);
      setParams({
        ...known,
        // Some clients send an empty name for none.
        operationName: operationName || undefined,
        // Yoga refuses those of a wrong type.
        ...(!isObject(extensions) && { extensions }),
      } as GraphQLParams);
    },
  };
}

/**
 * Removes the members of a request that are not read any more. A subscription keeps its request as long
 * as it is open.
 */
export function dropUnknown(request: object): void {
  for (const name of Object.keys(request)) {
    if (!KNOWN.has(name)) delete (request as Record<string, unknown>)[name];
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
