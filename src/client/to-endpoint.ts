/**
 * The GraphQL endpoint of a server: `/graphql` behind its base URL, or the URL itself where it
 * ends like that. A page may give a path of its own origin.
 *
 * @throws TypeError when it is no http or https URL
 */
export function toEndpoint(url: string): string {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  const endpoint = new URL(url, page);
  if (!/^https?:$/.test(endpoint.protocol)) {
    throw new TypeError(`url: expected something like https://events.example.com, got ${url}`);
  }
  const path = endpoint.pathname.replace(/\/+$/, '');
  endpoint.pathname = path.endsWith('/graphql') ? path : `${path}/graphql`;
  endpoint.hash = '';
  return endpoint.href;
}
