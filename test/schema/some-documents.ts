import fc from 'fast-check';
import {
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
} from 'graphql';
import { schema } from '../../src/schema/schema.ts';

/** A document with one or two subscriptions, and values for its variables. */
export interface SomeOperation {
  query: string;
  operationName: string;
  variables: { yes?: boolean; no?: boolean | undefined; filter?: object | null };
}

type Composite = GraphQLInterfaceType | GraphQLObjectType;
const event = schema.getType('Event') as GraphQLInterfaceType;
const node = schema.getType('Node') as GraphQLInterfaceType;
const eventTypes = schema.getPossibleTypes(event);
const conditions: Readonly<Record<string, readonly Composite[]>> = {
  Event: [event, node, ...eventTypes],
  Node: [node, event, ...eventTypes],
};

/** Includes variables without a value; `$yes` and `$no` have defaults. */
const directive = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  fc
    .tuple(fc.constantFrom('skip', 'include'), fc.constantFrom('$yes', '$no', 'true', 'false'))
    .map(([name, value]) => ` @${name}(if: ${value})`),
);

/** An alias contains the field's name, so that equal aliases never mean different fields. */
function field(type: Composite): fc.Arbitrary<string> {
  const leaves = Object.values(type.getFields())
    .filter((each) => isLeafType(getNamedType(each.type)))
    .map(({ name }) => name);
  return fc
    .tuple(fc.constantFrom(...leaves, '__typename'), fc.constantFrom('', 'a_', 'b_'), directive)
    .map(([name, prefix, skipped]) => `${prefix && `${prefix}${name}: `}${name}${skipped}`);
}

function selections(type: Composite, depth: number): fc.Arbitrary<string> {
  const inner = depth === 0 ? [] : [fragment(type, depth - 1)];
  const named = fc
    .tuple(fc.constantFrom(...fragmentsOn(type)), directive)
    .map(([name, skipped]) => `...${name}${skipped}`);
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: field(type) }, named, ...inner), {
      minLength: 1,
      maxLength: 5,
    })
    .map((parts) => `{ ${parts.join(' ')} }`);
}

function fragment(type: Composite, depth: number): fc.Arbitrary<string> {
  const inside = fc.constantFrom(...(conditions[type.name] ?? [type, event, node]));
  return inside.chain((on) =>
    fc
      .tuple(fc.boolean(), directive, selections(on, depth))
      .map(
        ([says, skipped, set]) =>
          `...${says ? ` on ${on.name}` : ''}${skipped} ${says ? set : '{ __typename }'}`,
      ),
  );
}

/** Available fragments. They hold only fields, so none spreads itself. */
const FRAGMENTS: Readonly<Record<string, string>> = {
  OfEvent: 'Event',
  OfNode: 'Node',
  OfLogin: 'UserFirstLoggedIn',
};
const fragmentsOn = ({ name }: Composite) =>
  name === 'UserFirstLoggedIn' || conditions[name] ? Object.keys(FRAGMENTS) : ['OfEvent', 'OfNode'];

const fields = (typeName: string) =>
  fc
    .array(field(schema.getType(typeName) as Composite), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(' '));

const VARIABLES =
  '$after: String, $filter: EventFilter, $yes: Boolean = true, $no: Boolean! = false';
const root = fc.constantFrom(
  'events',
  'events(after: $after)',
  'mine: events(filter: $filter, after: $after)',
  'events(filter: { types: [MESSAGE_SENT] })',
);
const feedRoot = fc.constantFrom('eventFeed', 'all: eventFeed(after: $after)');
const operation = (name: string) =>
  fc
    .oneof(
      {
        weight: 3,
        arbitrary: fc.tuple(root, selections(event, 2)).map((parts) => parts.join(' ')),
      },
      fc
        .tuple(feedRoot, directive, selections(event, 2))
        .map(
          ([field, skipped, set]) =>
            `${field} { __typename cursor${skipped} ... on FeedEvent { event ${set} } }`,
        ),
    )
    .map((selected) => `subscription ${name}(${VARIABLES}) { ${selected} }`);

/**
 * Random subscriptions to events or their feed, with fragments, aliases, directives and variables.
 */
export const anyOperation: fc.Arbitrary<SomeOperation> = fc
  .record({
    one: operation('One'),
    other: operation('Other'),
    ofEvent: fields('Event'),
    ofNode: fields('Node'),
    ofLogin: fields('UserFirstLoggedIn'),
    operationName: fc.constantFrom('One', 'Other'),
    variables: fc.record(
      {
        yes: fc.boolean(),
        no: fc.boolean(),
        filter: fc.constantFrom(null, {}, { types: ['APP_OPENED'] }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ one, other, ofEvent, ofNode, ofLogin, operationName, variables }) => ({
    query: [
      one,
      other,
      `fragment OfEvent on Event { ${ofEvent} }`,
      `fragment OfNode on Node { ${ofNode} }`,
      `fragment OfLogin on UserFirstLoggedIn { ${ofLogin} }`,
    ].join('\n'),
    operationName,
    variables,
  }));
