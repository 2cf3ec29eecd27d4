/** An operation for GraphiQL's editors. */
export interface Operation {
  query: string;
  /** JSON text. */
  variables: string;
}

/**
 * Returns a link that opens an operation in a tab of GraphiQL. The operation is in the fragment,
 * which is not sent to a server, since it may contain user ids.
 */
export function graphiqlLink(graphiql: string, { query, variables }: Operation): string {
  return `${graphiql}#${new URLSearchParams({ query, variables })}`;
}
