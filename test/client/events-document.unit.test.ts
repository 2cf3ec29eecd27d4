import {
  type FieldNode,
  type GraphQLObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { expect, expectTypeOf, test } from 'vitest';
import type { EventsClient, EventsClientEvent } from '../../src/client/create-events-client.ts';
import { EVENTS } from '../../src/client/events-document.ts';
import { schema } from '../../src/schema/schema.ts';
import { isPersonalField } from '../../src/schema/types/only-personal.ts';

const eventInterface = schema.getType('Event');
if (!isInterfaceType(eventInterface)) throw new Error('Event is no interface');
const common = Object.keys(eventInterface.getFields());

/** The fields of its own that any token may select. */
function ownFields(type: GraphQLObjectType): string[] {
  return Object.values(type.getFields())
    .filter((field) => {
      let inner = isNonNullType(field.type) ? field.type.ofType : field.type;
      if (isListType(inner)) inner = inner.ofType;
      if (isNonNullType(inner)) inner = inner.ofType;
      return isLeafType(inner) && !isPersonalField(field);
    })
    .map(({ name }) => name)
    .filter((name) => !common.includes(name));
}

const namesIn = ({ selections }: SelectionSetNode) =>
  selections
    .filter(({ kind }) => kind === Kind.FIELD)
    .map((field) => (field as FieldNode).name.value);

test('the default document selects the fields of each event type', () => {
  const [operation] = parse(EVENTS).definitions as [OperationDefinitionNode];
  const [events] = operation.selectionSet.selections as FieldNode[];
  const selected = (events?.selectionSet?.selections ?? []).flatMap((selection) =>
    selection.kind === Kind.INLINE_FRAGMENT
      ? [[selection.typeCondition?.name.value ?? '', namesIn(selection.selectionSet)] as const]
      : [],
  );
  const declared = schema
    .getImplementations(eventInterface)
    .objects.map((type) => [type.name, ownFields(type)] as const)
    .filter(([, fields]) => fields.length > 0);
  expect(Object.fromEntries(selected)).toEqual(Object.fromEntries(declared));
});

test('the type of an event is a union by __typename', () => {
  type Of<Name extends EventsClientEvent['__typename']> = Extract<
    EventsClientEvent,
    { __typename: Name }
  >;
  expectTypeOf<EventsClientEvent['__typename']>().toEqualTypeOf<
    | 'AppOpened'
    | 'AppUninstalled'
    | 'InstallationCreated'
    | 'MalformedEvent'
    | 'MessageRead'
    | 'MessageSent'
    | 'UnknownEvent'
    | 'UserFirstLoggedIn'
    | 'UserLoggedIn'
    | 'UserStatusChanged'
  >();
  expectTypeOf<Of<'MessageSent'>['professionalId']>().toEqualTypeOf<number>();
  expectTypeOf<Of<'InstallationCreated'>['countryCode']>().toEqualTypeOf<string | null>();
  expectTypeOf<Of<'UserStatusChanged'>['toStatus']>().toEqualTypeOf<
    'FREE' | 'FREEMIUM' | 'PREMIUM' | 'UNKNOWN'
  >();
  expectTypeOf<Of<'MalformedEvent'>['faults']>().toEqualTypeOf<string[]>();
  expectTypeOf<EventsClientEvent>().toHaveProperty('userId').toEqualTypeOf<string | null>();
  expectTypeOf<EventsClientEvent>().not.toHaveProperty('speciality');
  expectTypeOf<ReturnType<EventsClient['subscribe']>>().toExtend<
    AsyncIterableIterator<{ cursor: string }>
  >();
});
