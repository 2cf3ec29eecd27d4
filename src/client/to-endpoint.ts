/**
 * Returns the GraphQL endpoint of a server: its base URL with `/graphql`, or the URL itself if it
 * ends so. A page may pass a path of its own origin.
 *
 * @throws TypeError when it is not an http or https URL
 */
export function toEndpoint(url: string): string {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  const endpoint = URL.canParse(url, page) ? new URL(url, page) : undefined;
  if (!endpoint || !/^https?:$/.test(endpoint.protocol)) {
    throw new TypeError(`url: expected something like https://events.example.com, got ${url}`);
  }
  const path = endpoint.pathname.replace(/\/+$/, '');
  endpoint.pathname = path.endsWith('/graphql') ? path : `${path}/graphql`;
  endpoint.hash = '';
  return endpoint.href;
}
