import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** Returns errors as clients see them, without the HTTP status that Yoga reads from them. */
export function withoutHttp(errors: readonly (GraphQLError | GraphQLFormattedError)[]) {
  return errors.map((error): GraphQLFormattedError => {
    const { extensions, ...rest } = 'toJSON' in error ? error.toJSON() : error;
    if (extensions === undefined) return rest;
    const { http: _, ...replacement } = extensions;
    return { ...rest, extensions: replacement };
  });
}
