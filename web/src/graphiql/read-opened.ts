/** An operation that the server offers as an example. */
export interface Example {
  query: string;
  /** JSON text. */
  variables?: string;
}

/** A tab of GraphiQL. */
export interface Tab extends Example {
  headers: string;
}

/**
 * Returns the tab for the fragment of the address (`#query=…&variables=…`), once: a reload does not
 * open it again. A fragment is not sent to any server, since it may contain user ids. The operation
 * runs only when the user presses the button.
 */
export function readOpened(headers: string): Tab | undefined {
  const asked = new URLSearchParams(location.hash.slice(1));
  const query = asked.get('query');
  if (!query) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return { query, variables: asked.get('variables') ?? '', headers };
}
