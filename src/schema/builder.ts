import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import {
  GraphQLDateTime,
  GraphQLEmailAddress,
  GraphQLJSONObject,
  GraphQLSafeInt,
  GraphQLUUID,
} from 'graphql-scalars';
import { rightsOf, seesNothing } from '../auth/viewer.ts';
import type { JsonObject } from '../catalog/json.ts';
import { EventlineError } from '../errors.ts';
import type { GraphqlContext } from './context.ts';
import GlobalIdPlugin, { nodeTypes } from './global-id-plugin.ts';

/** The schema's builder: scalars and plugins. Types are added by the files beside this one. */
export const builder = new SchemaBuilder<{
  Context: GraphqlContext;
  /** What a root field or a type may ask for; `auth/viewer.ts` says who has it. */
  AuthScopes: ReturnType<typeof rightsOf>;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    EmailAddress: { Input: string; Output: string };
    JSONObject: { Input: JsonObject; Output: JsonObject };
    SafeInt: { Input: number; Output: number };
    UUID: { Input: string; Output: string };
  };
}>({
  // Rights are wrapped around everything else, so they stand last.
  plugins: [RelayPlugin, GlobalIdPlugin, ScopeAuthPlugin],
  scopeAuth: {
    authScopes: ({ viewer }) => rightsOf(viewer),
    // A subscription's root field is asked when it opens; each event is by its type.
    authorizeOnSubscribe: true,
    unauthorizedError: (_, { viewer }) =>
      rightsOf(viewer).reader
        ? new EventlineError('FORBIDDEN', "The token's scopes do not allow this.")
        : seesNothing(),
  },
  defaultFieldNullability: false,
  relay: {
    decodeGlobalID: decodeId,
    cursorType: 'String',
    // One event at a time is asked for by its id; lists have filters and pages.
    nodesQueryOptions: false,
    edgesFieldOptions: { nullable: false },
    nodeFieldOptions: { nullable: false },
    nodeQueryOptions: {
      nullable: true,
      description: 'Anything that has a global id; null when there is none that you may see.',
    },
  },
});

builder.addScalarType('DateTime', GraphQLDateTime);
builder.addScalarType('EmailAddress', GraphQLEmailAddress);
builder.addScalarType('JSONObject', GraphQLJSONObject);
builder.addScalarType('SafeInt', GraphQLSafeInt);
builder.addScalarType('UUID', GraphQLUUID);

/** Takes a global id (Relay) apart; Pothos' own would quote what it was given. */
function decodeId(globalId: string): { typename: string; id: string } {
  const text = Buffer.from(globalId, 'base64').toString();
  const [, typename, id] = /^([A-Za-z_]\w*):(.+)$/.exec(text) ?? [];
  if (typename === undefined || id === undefined || !nodeTypes.has(typename)) {
    throw new EventlineError('BAD_USER_INPUT', 'id: this is not the id of anything here.');
  }
  return { typename, id };
}
