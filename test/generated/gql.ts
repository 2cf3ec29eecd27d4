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
    "\n  query LatestMessages($speciality: String!) {\n    events(filter: { types: [MESSAGE_SENT], specialities: [$speciality] }, last: 20) {\n      edges { node { occurredOn userId ... on MessageSent { messageId professionalId } } }\n    }\n  }\n": typeof types.LatestMessagesDocument,
    "\n  subscription Live($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      id\n      cursor\n      typeName\n      userId\n      payload\n    }\n  }\n": typeof types.LiveDocument,
    "\n  query Stored($filter: EventFilter, $first: Int, $after: String) {\n    events(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          __typename\n          id\n          cursor\n          typeName\n          userId\n          payload\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.StoredDocument,
};
const documents: Documents = {
    "\n  query LatestMessages($speciality: String!) {\n    events(filter: { types: [MESSAGE_SENT], specialities: [$speciality] }, last: 20) {\n      edges { node { occurredOn userId ... on MessageSent { messageId professionalId } } }\n    }\n  }\n": types.LatestMessagesDocument,
    "\n  subscription Live($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      id\n      cursor\n      typeName\n      userId\n      payload\n    }\n  }\n": types.LiveDocument,
    "\n  query Stored($filter: EventFilter, $first: Int, $after: String) {\n    events(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          __typename\n          id\n          cursor\n          typeName\n          userId\n          payload\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.StoredDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LatestMessages($speciality: String!) {\n    events(filter: { types: [MESSAGE_SENT], specialities: [$speciality] }, last: 20) {\n      edges { node { occurredOn userId ... on MessageSent { messageId professionalId } } }\n    }\n  }\n"): typeof import('./graphql.js').LatestMessagesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Live($filter: EventFilter, $after: String) {\n    events(filter: $filter, after: $after) {\n      __typename\n      id\n      cursor\n      typeName\n      userId\n      payload\n    }\n  }\n"): typeof import('./graphql.js').LiveDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Stored($filter: EventFilter, $first: Int, $after: String) {\n    events(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          __typename\n          id\n          cursor\n          typeName\n          userId\n          payload\n        }\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.js').StoredDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
