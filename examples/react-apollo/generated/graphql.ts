/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type LatestEventsQueryVariables = Exact<{ [key: string]: never; }>;


export type LatestEventsQuery = { events: { reached: string, edges: Array<{ node:
        | { __typename: 'AppOpened', cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'AppUninstalled', cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'InstallationCreated', cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'MalformedEvent', cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'MessageRead', cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'MessageSent', speciality: string, cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'UnknownEvent', cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'UserFirstLoggedIn', cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'UserLoggedIn', cursor: string, typeName: string, occurredOn: string, userId: string | null }
        | { __typename: 'UserStatusChanged', cursor: string, typeName: string, occurredOn: string, userId: string | null }
       }> } };

export type LiveEventsSubscriptionVariables = Exact<{
  after: string;
}>;


export type LiveEventsSubscription = { events:
    | { __typename: 'AppOpened', cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'AppUninstalled', cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'InstallationCreated', cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'MalformedEvent', cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'MessageRead', cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'MessageSent', speciality: string, cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'UnknownEvent', cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'UserFirstLoggedIn', cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'UserLoggedIn', cursor: string, typeName: string, occurredOn: string, userId: string | null }
    | { __typename: 'UserStatusChanged', cursor: string, typeName: string, occurredOn: string, userId: string | null }
   };


export const LatestEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LatestEvents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reached"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"typeName"}},{"kind":"Field","name":{"kind":"Name","value":"occurredOn"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessageSent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"speciality"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<LatestEventsQuery, LatestEventsQueryVariables>;
export const LiveEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"LiveEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"typeName"}},{"kind":"Field","name":{"kind":"Name","value":"occurredOn"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessageSent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"speciality"}}]}}]}}]}}]} as unknown as DocumentNode<LiveEventsSubscription, LiveEventsSubscriptionVariables>;