import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { defaultTypeResolver } from 'graphql';
import {
  GraphQLEmailAddress,
  GraphQLJSONObject,
  GraphQLLocalDate,
  GraphQLSafeInt,
  GraphQLUUID,
} from 'graphql-scalars';
import { rightsOf } from '../auth/viewer.ts';
import type { StoredEvent } from '../catalog/event.ts';
import type { JsonObject } from '../catalog/json.ts';
import { objectTypeName } from '../catalog/well-formed.ts';
import { EventlineError } from '../errors.ts';
import type { GraphqlContext } from './context.ts';
import { nodeIdArgument, relayDescriptions } from './relay-options.ts';
import { DateTimeScalar } from './types/date-time.ts';
import GlobalIdPlugin, { eventTypes } from './types/global-id-plugin.ts';
import { unauthorizedError } from './unauthorized-error.ts';
import { withExample } from './with-example.ts';

/** The schema builder with its scalars and plugins; the files beside it add types. */
export const builder = new SchemaBuilder<{
  Context: GraphqlContext;
  /** Scopes that a root field or a type may require; `auth/viewer.ts` grants them. */
  AuthScopes: ReturnType<typeof rightsOf>;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    /** Unit: milliseconds. */
    Duration: { Input: number; Output: number };
    EmailAddress: { Input: string; Output: string };
    JSONObject: { Input: JsonObject; Output: JsonObject };
    /** A calendar date: `2026-03-29`. */
    LocalDate: { Input: string; Output: string };
    SafeInt: { Input: number; Output: number };
    UUID: { Input: string; Output: string };
  };
}>({
  // Scope auth wraps all other plugins, so it is last.
  plugins: [RelayPlugin, GlobalIdPlugin, ScopeAuthPlugin],
  scopeAuth: {
    authScopes: ({ viewer }) => rightsOf(viewer),
    // A subscription's root field is authorised when it opens; each event by its type.
    authorizeOnSubscribe: true,
    unauthorizedError: (_, { viewer }, __, { failure }) => unauthorizedError(viewer, failure),
  },
  defaultFieldNullability: false,
  relay: {
    ...relayDescriptions,
    nodeTypeOptions: {
      ...relayDescriptions.nodeTypeOptions,
      resolveType: (node, ...rest) =>
        isEvent(node) ? objectTypeName(node) : defaultTypeResolver(node, ...rest),
    },
    decodeGlobalID: decodeId,
    cursorType: 'String',
    // One event at a time is requested by its id; lists have filters and pages.
    nodesQueryOptions: false,
    nodesOnConnection: { description: 'The nodes of the page, without the cursor of each.' },
    edgesFieldOptions: { nullable: false, description: 'The page, in the order of the log.' },
    nodeFieldOptions: { nullable: false, description: 'The item of this edge.' },
    nodeQueryOptions: {
      nullable: true,
      description: 'An object by its global id; null if none exists that you may see.',
      args: { id: nodeIdArgument },
    },
  },
});

builder.addScalarType('DateTime', DateTimeScalar, {
  description: withExample(
    'An instant (RFC 3339) with millisecond precision. Returned in UTC; accepted with any offset, which is required.',
    '2021-09-14T15:55:12.642Z',
  ),
});
builder.addScalarType('EmailAddress', GraphQLEmailAddress, {
  description: withExample(
    'An e-mail address as defined by the HTML specification.',
    'user@testcompany.com',
  ),
});
builder.addScalarType('JSONObject', GraphQLJSONObject, {
  description: withExample('Any JSON object (RFC 8259).', { status: 2 }),
});
builder.addScalarType('LocalDate', GraphQLLocalDate, {
  description: withExample('A calendar date (ISO 8601) without a time zone.', '2026-03-29'),
});
builder.addScalarType('SafeInt', GraphQLSafeInt, {
  description: withExample('A whole number within ±(2^53 − 1).', 5),
});
builder.addScalarType('UUID', GraphQLUUID, {
  description: withExample(
    'A UUID (RFC 9562) of 36 characters, case-insensitive.',
    'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
  ),
});

/** The types that can be requested by id. */
const nodeTypes = new Set([...eventTypes, 'User', 'Installation', 'Message']);

function isEvent(node: unknown): node is StoredEvent {
  return typeof node === 'object' && node !== null && 'digest' in node;
}

/** Decodes a global id (Relay); Pothos' own function would quote its input in errors. */
function decodeId(globalId: string): { typename: string; id: string } {
  const text = Buffer.from(globalId, 'base64').toString();
  const [, typename, id] = /^([A-Za-z_]\w*):(.+)$/s.exec(text) ?? [];
  if (typename === undefined || id === undefined || !nodeTypes.has(typename)) {
    throw new EventlineError('BAD_USER_INPUT', 'id: this is not the id of anything here.');
  }
  return { typename, id };
}
