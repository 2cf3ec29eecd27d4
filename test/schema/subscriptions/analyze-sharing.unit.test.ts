import { extendSchema, type GraphQLSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../../src/schema/schema.ts';
import { analyzeSharing } from '../../../src/schema/subscriptions/analyze-sharing.ts';

const find = (query: string, operationName?: string, by: GraphQLSchema = schema) => {
  const document = parse(query);
  expect(validate(by, document)).toEqual([]);
  return analyzeSharing(by, document, operationName);
};

describe('variables that affect the result', () => {
  test.each([
    ['{ events { cursor } }', []],
    ['($a: String) { events(after: $a) { cursor } }', []],
    ['($id: ID!) { events(filter: { userIds: [$id] }) { id } }', []],
    ['($b: Boolean!) { events { cursor @skip(if: $b) id } }', ['b']],
    [
      '($b: Boolean!, $c: Boolean = true) { events { ...F @include(if: $c) ... @skip(if: $b) { id } } } fragment F on Event { cursor }',
      ['b', 'c'],
    ],
  ])('of subscription %s', (query, variables) => {
    expect(find(`subscription ${query}`)).toEqual({ variables });
  });
});

test('with several operations only the named one is analysed', () => {
  const query = `subscription A { events { id } }
    query B { head }
    subscription C($b: Boolean!) { events { ...F } } fragment F on Event { id @skip(if: $b) }`;
  expect(find(query, 'A')).toEqual({ variables: [] });
  expect(find(query, 'B')).toBeUndefined();
  expect(find(query, 'C')).toEqual({ variables: ['b'] });
});

describe('a field that is not declared shareable disables sharing for the operation', () => {
  const extended = extendSchema(
    schema,
    parse(`extend interface Event { seenBy: Int }
      ${['MessageSent', 'MessageRead', 'InstallationCreated', 'AppOpened', 'AppUninstalled', 'UserLoggedIn', 'UserFirstLoggedIn', 'UserStatusChanged', 'MalformedEvent', 'UnknownEvent'].map((name) => `extend type ${name} { seenBy: Int }`).join('\n')}
      extend type Subscription { heartbeat: Int }`),
  );
  test.each([
    'subscription { events { id seenBy } }',
    'subscription { events { id ... on MessageSent { seenBy } } }',
    'subscription { events { id ...F } } fragment F on Node { ... on Event { late: seenBy } }',
    'subscription { events { id seenBy @skip(if: true) } }',
    'subscription { heartbeat }',
  ])('%s', (query) => {
    expect(find(query, undefined, extended)).toBeUndefined();
    expect(find('subscription { events { id cursor } }', undefined, extended)).toBeDefined();
  });
});
