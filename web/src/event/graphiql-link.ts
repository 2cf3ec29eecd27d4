/** An operation as GraphiQL's editors have it. */
export interface Operation {
  query: string;
  /** JSON text. */
  variables: string;
}

/**
 * A link that opens an operation in a tab of GraphiQL. It is in the fragment, which is sent to no
 * server: there may be ids of people in it.
 */
export function graphiqlLink(graphiql: string, { query, variables }: Operation): string {
  return `${graphiql}#${new URLSearchParams({ query, variables })}`;
}
