import type { FieldRef, ObjectFieldBuilder } from '@pothos/core';
import { GraphQLEmailAddress } from 'graphql-scalars';
import { maySee } from '../../auth/viewer.ts';
import { catalog } from '../../catalog/catalog.ts';
import { camelCase, type EventDefinition } from '../../catalog/define-event.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import type { PayloadField } from '../../catalog/field.ts';
import type { JsonValue } from '../../catalog/json.ts';
import { statusName } from '../../catalog/user-status.ts';
import { faultsOf, MALFORMED_TYPE_NAME } from '../../catalog/well-formed.ts';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { eventsByDigest } from '../queries/event-by-id.ts';
import { pure } from '../subscriptions/analyze-sharing.ts';
import { ID_EXAMPLE, withExample } from '../with-example.ts';
import { EventInterface } from './event-interface.ts';
import { onlyPersonal, personalNote } from './only-personal.ts';
import { UserStatusEnum } from './user-status.ts';

type Types = typeof builder.$inferSchemaTypes;
type Fields = ObjectFieldBuilder<Types, StoredEvent>;
type NamedField = readonly [name: string, field: FieldRef<Types, unknown, 'Object'>];

/** One object type for each type of the catalog, one for malformed events, and one for all others. */
for (const definition of catalog) implementEventType(definition);

builder.node(builder.objectRef<StoredEvent>('UnknownEvent'), {
  description:
    'An event whose type this version does not know, stored whole: see `typeName` and `payload`. Example: a `typeName` of `"appointment_booked"`.',
  interfaces: [EventInterface],
  ...nodeOptions('UnknownEvent'),
});

builder.node(builder.objectRef<StoredEvent>(MALFORMED_TYPE_NAME), {
  description:
    'An event of a known type whose payload does not have the fields that its type declares; `faults` says which. `type` and `typeName` are those of the sender. A later version may declare what was sent, and then returns the event as one of its type, with the same id. Example: a `message_sent` with `"professional_id": "5"`.',
  interfaces: [EventInterface],
  ...nodeOptions(MALFORMED_TYPE_NAME),
  fields: (t) => ({
    faults: t.stringList({
      ...pure,
      description: withExample(
        'The fields that are wrong and what is expected of them, in the order of the catalog, without values.',
        ['payload.email: invalid input: expected string, received number'],
      ),
      resolve: (event) => [...faultsOf(event)],
    }),
  }),
});

function implementEventType(definition: EventDefinition): void {
  const { typeName, name, description, fields, example } = definition;
  builder.node(builder.objectRef<StoredEvent>(typeName), {
    description: withExample(`${description} The sender calls it \`${name}\`.`, example),
    interfaces: [EventInterface],
    ...nodeOptions(typeName),
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields)
          // The interface has the subjects already, under the same names.
          .filter(([key]) => key !== 'user_id' && key !== 'installation_id')
          .flatMap(([key, field]) => payloadFields(t, key, field, example[key] ?? null)),
      ),
  });
}

function nodeOptions(typeName: string) {
  return {
    id: {
      ...pure,
      description: withExample(
        "Identifies this event in this log, also in the webhook's answer. It changes only when an erasure changes the event.",
        ID_EXAMPLE,
      ),
      resolve: ({ digest }: StoredEvent, _: object, { log }: GraphqlContext) =>
        log.eventIds.localId(digest),
    },
    // Whatever way an event took, this is asked before any of its fields is read.
    authScopes: (event: StoredEvent, { viewer }: GraphqlContext) => maySee(viewer, event),
    runScopesOnType: true,
    // An id names the type that was sent, which a malformed event is not.
    brandLoadedObjects: false,
    loadMany: (ids: string[], context: GraphqlContext) => eventsByDigest(typeName, ids, context),
  };
}

/** The GraphQL fields of one payload field: one, or two where the sender's integer has a name. */
function payloadFields(
  t: Fields,
  key: string,
  field: PayloadField,
  example: JsonValue,
): NamedField[] {
  const name = camelCase(key);
  const { kind, nullable, personal } = field;
  const described = personal ? `${field.description} ${personalNote}` : field.description;
  const description = withExample(described, example);
  const sent = ({ payload }: StoredEvent): JsonValue =>
    Object.hasOwn(payload, key) ? (payload[key] ?? null) : null;
  switch (kind) {
    case 'status':
      return [
        [
          name,
          t.field({
            ...pure,
            type: UserStatusEnum,
            description: described,
            resolve: (event) => statusName(sent(event) as number),
          }),
        ],
        [
          `${name}Code`,
          t.field({
            ...pure,
            type: 'SafeInt',
            description: withExample(
              `${described} The integer as sent: 0 free, 2 premium, 4 freemium.`,
              example,
            ),
            resolve: (event) => sent(event) as number,
          }),
        ],
      ];
    case 'integer':
      return [scalar('SafeInt')];
    case 'uuid':
      return [scalar('UUID')];
    case 'email':
      return [
        [
          name,
          t.field({
            ...pure,
            type: 'EmailAddress',
            description,
            nullable: true,
            ...(personal && onlyPersonal),
            resolve: (event) => addressOrNull(sent(event)),
          }),
        ],
      ];
    case 'text':
    case 'userId':
      return [scalar('String')];
    default:
      return kind satisfies never;
  }

  function scalar(type: 'SafeInt' | 'UUID' | 'String'): NamedField {
    const resolve = (event: StoredEvent) => sent(event) as never;
    const auth = personal && onlyPersonal;
    return [name, t.field({ ...pure, type, description, nullable, ...auth, resolve })];
  }
}

/** What the scalar would refuse to show: a badly written address is seen in the payload only. */
function addressOrNull(value: JsonValue): string | null {
  try {
    return GraphQLEmailAddress.serialize(value);
  } catch {
    return null;
  }
}
