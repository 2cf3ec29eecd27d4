import { apiCatalog, CONTRACTS_PATH, createContracts, toText } from '../../contracts/contracts.ts';
import { type Handler, onlyGet } from './route-requests.ts';

/** The documents change with the version of the server only. */
const CACHE = 'public, max-age=3600';

/** Returns the routes of the contracts and of the list of them (RFC 9727). No token is needed. */
export function contractRoutes(version: string): Record<string, Handler> {
  const contracts = createContracts(version);
  return {
    '/.well-known/api-catalog': serveJson(
      apiCatalog(contracts),
      'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
    ),
    ...Object.fromEntries(
      contracts.map(({ path, document, mediaType }) => [
        `${CONTRACTS_PATH}/${path}`,
        serveJson(document, mediaType),
      ]),
    ),
  };
}

function serveJson(document: object, mediaType: string): Handler {
  const body = Buffer.from(toText(document));
  return onlyGet((_, response) => {
    response.writeHead(200, {
      'Content-Type': mediaType,
      'Content-Length': body.length,
      'Cache-Control': CACHE,
    });
    response.end(body);
  });
}
