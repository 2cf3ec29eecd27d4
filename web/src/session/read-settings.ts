/** What the server tells its page. */
export interface PageSettings {
  /** A token for development; only there for a browser on the server's own machine. */
  token?: string;
  /** Where GraphiQL is, if it is served. */
  graphiql?: string;
}

/** Reads them out of the page, once: the token does not stay in it. */
export function readSettings(): PageSettings {
  const tag = document.querySelector('meta[name="eventline-settings"]');
  const settings = JSON.parse(tag?.getAttribute('content') ?? '{}') as PageSettings;
  tag?.remove();
  return settings;
}
