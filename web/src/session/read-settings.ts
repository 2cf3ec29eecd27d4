/** Settings that the server passes to its page. */
export interface PageSettings {
  /** A development token; present only for a browser on the server's machine. */
  token?: string;
  /** Whether the server makes development tokens. */
  hasDevelopmentTokens?: boolean;
  /** URL of GraphiQL, if it is served. */
  graphiql?: string;
  /** URL where people sign in, if there is a provider. */
  signIn?: string;
}

/** Reads the settings once and removes the token from the page. */
export function readSettings(): PageSettings {
  const tag = document.querySelector('meta[name="eventline-settings"]');
  const settings = JSON.parse(tag?.getAttribute('content') ?? '{}') as PageSettings;
  tag?.remove();
  return settings;
}
