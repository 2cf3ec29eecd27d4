import {
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  OverlappingFieldsCanBeMergedRule,
  parse,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/schema/schema.ts';

const typesOf = (name: string) =>
  schema.getPossibleTypes(schema.getType(name) as never) as readonly GraphQLObjectType[];
const eventTypes = typesOf('Event');
const subjects = ['User', 'Installation', 'Message']
  .map((name) => schema.getType(name))
  .filter(isObjectType);

const pairs = [...subjects, ...eventTypes].flatMap((one, index, all) =>
  all.slice(index + 1).map((other) => [one, other] as const),
);

/** Returns the names of the fields that both types have and that are not deprecated. */
function sharedFields(one: GraphQLObjectType, other: GraphQLObjectType): string[] {
  const [of, ofOther] = [one.getFields(), other.getFields()];
  return Object.keys(of)
    .filter(
      (name) =>
        of[name]?.deprecationReason === undefined && ofOther[name]?.deprecationReason === undefined,
    )
    .filter((name) => name in ofOther);
}

function conflictsOf(one: GraphQLObjectType, other: GraphQLObjectType, names: readonly string[]) {
  const fragments = [one, other].map((type) => {
    const fields = names.map((name) => {
      const field = type.getFields()[name];
      return field && isLeafType(getNamedType(field.type)) ? name : `${name} { __typename }`;
    });
    return `... on ${type.name} { ${fields.join(' ')} }`;
  });
  const document = parse(`query ($id: ID!) { node(id: $id) { ${fragments.join(' ')} } }`);
  return validate(schema, document, [OverlappingFieldsCanBeMergedRule]).map(
    ({ message }) => message,
  );
}

test.each(pairs.map(([one, other]) => [one.name, other.name, one, other] as const))(
  'fragments on %s and %s select their common fields beside each other',
  (_, __, one, other) => {
    const names = sharedFields(one, other);
    expect(names).toContain('id');
    expect(conflictsOf(one, other, names)).toEqual([]);
  },
);

test('the status of a user and of events are read by one query', () => {
  const [user] = subjects;
  const login = eventTypes.find(({ name }) => name === 'UserLoggedIn');
  const fragment = '... on User { currentStatus userId } ... on UserLoggedIn { status userId }';
  const document = parse(`query ($id: ID!) { node(id: $id) { ${fragment} } }`);
  expect(validate(schema, document)).toEqual([]);
  // What the deprecated names would do.
  expect(user && login && conflictsOf(user, login, ['status'])).toHaveLength(1);
});
