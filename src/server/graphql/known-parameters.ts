import type { GraphQLParams, Plugin } from 'graphql-yoga';

/** The members of a request that are read after its document was found. */
const KNOWN = ['query', 'operationName', 'variables', 'extensions'] as const;

/**
 * Ignores other members of a request (GraphQL over HTTP, 5.1), such as the `id` that Relay's network
 * layers add. Yoga refuses them.
 */
export function useKnownParameters(): Plugin {
  return {
    onParams({ params, setParams }) {
      if (typeof params !== 'object' || params === null || Array.isArray(params)) return;
      const given = params as Record<string, unknown>;
      const known = KNOWN.filter((name) => name in given).map((name) => [name, given[name]]);
      const { operationName, ...others } = Object.fromEntries(known);
      // Some clients send an empty name for none.
      setParams({ ...others, ...(operationName && { operationName }) } as GraphQLParams);
    },
  };
}
