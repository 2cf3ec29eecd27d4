import { asyncApi } from './asyncapi.ts';
import { eventSchemas, type JsonSchema } from './event-schemas.ts';
import { openApi } from './openapi.ts';

/** Where a server has the documents. */
export const CONTRACTS_PATH = '/.well-known/eventline';

/** A document that describes what comes in or goes out. */
export interface Contract {
  /** Below CONTRACTS_PATH, and below `contracts/` of the repository. */
  path: string;
  title: string;
  mediaType: string;
  document: JsonSchema;
}

/** Returns all contracts; they follow from the catalog and the answers of the webhook. */
export function createContracts(version: string): Contract[] {
  return [
    {
      path: 'openapi.json',
      title: 'OpenAPI 3.1: the webhook and its answers',
      mediaType: 'application/vnd.oai.openapi+json;version=3.1',
      document: openApi(version),
    },
    {
      path: 'asyncapi.json',
      title: 'AsyncAPI 3.0: deliveries in, subscriptions out',
      mediaType: 'application/vnd.aai.asyncapi+json;version=3.0.0',
      document: asyncApi(version),
    },
    ...Object.entries(eventSchemas()).map(([name, document]) => ({
      path: `schemas/${name}.json`,
      title: `JSON Schema: a delivery of ${name}`,
      mediaType: 'application/schema+json',
      document,
    })),
  ];
}

/** Returns the list of contracts as a linkset (RFC 9264), for `/.well-known/api-catalog` (RFC 9727). */
export function apiCatalog(contracts: readonly Contract[]): object {
  return {
    linkset: [
      {
        anchor: '/',
        'service-desc': contracts.map(({ path, mediaType, title }) => ({
          ...{ href: `${CONTRACTS_PATH}/${path}`, type: mediaType, title },
        })),
      },
    ],
  };
}

/** Returns a document as text, the same in the repository and from a server. */
export function toText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
