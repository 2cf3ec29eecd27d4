/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  subscription EventsClient($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n    }\n  }\n": typeof types.EventsClientDocument,
    "\n  query EventsClientPlace($filter: EventFilter, $after: String, $resumes: Boolean!) {\n    head @skip(if: $resumes)\n    events(filter: $filter, after: $after, last: 1) @include(if: $resumes) {\n      reached\n      edges {\n        cursor\n      }\n    }\n  }\n": typeof types.EventsClientPlaceDocument,
};
const documents: Documents = {
    "\n  subscription EventsClient($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n    }\n  }\n": types.EventsClientDocument,
    "\n  query EventsClientPlace($filter: EventFilter, $after: String, $resumes: Boolean!) {\n    head @skip(if: $resumes)\n    events(filter: $filter, after: $after, last: 1) @include(if: $resumes) {\n      reached\n      edges {\n        cursor\n      }\n    }\n  }\n": types.EventsClientPlaceDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription EventsClient($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      id\n      cursor\n      type\n      typeName\n      occurredOn\n      receivedAt\n      userId\n      installationId\n      payload\n    }\n  }\n"): typeof import('./graphql.js').EventsClientDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EventsClientPlace($filter: EventFilter, $after: String, $resumes: Boolean!) {\n    head @skip(if: $resumes)\n    events(filter: $filter, after: $after, last: 1) @include(if: $resumes) {\n      reached\n      edges {\n        cursor\n      }\n    }\n  }\n"): typeof import('./graphql.js').EventsClientPlaceDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
