import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import { schema } from '../../src/schema/schema.ts';

// The rules of https://relay.dev/graphql/connections.htm and
// https://relay.dev/graphql/objectidentification.htm, for every type.

const objects = Object.values(schema.getTypeMap()).filter(
  (type) => isObjectType(type) && !type.name.startsWith('__'),
) as GraphQLObjectType[];
const connections = objects.filter(({ name }) => name.endsWith('Connection'));
const edges = objects.filter(({ name }) => name.endsWith('Edge'));
const typeOf = (type: GraphQLObjectType, field: string) => String(type.getFields()[field]?.type);
const fieldsOf = (type: GraphQLObjectType) => Object.values(type.getFields());

describe('connections', () => {
  test('the schema has connections', () => {
    expect(connections.map(({ name }) => name)).toContain('EventConnection');
    expect(edges).toHaveLength(connections.length);
  });

  test.each(connections.map((type) => [type.name, type] as const))('%s', (name, type) => {
    expect(typeOf(type, 'pageInfo')).toBe('PageInfo!');
    const edge = getNamedType(type.getFields().edges?.type) as GraphQLObjectType;
    expect(edge.name).toBe(name.replace(/Connection$/, 'Edge'));
    expect(typeOf(type, 'edges')).toBe(`[${edge.name}!]!`);
  });

  test.each(edges.map((type) => [type.name, type] as const))('%s', (_, type) => {
    expect(typeOf(type, 'cursor')).toBe('String!');
    const node = getNamedType(type.getFields().node?.type);
    expect(typeOf(type, 'node')).toBe(`${node?.name}!`);
  });

  test('PageInfo has the fields that the specification requires', () => {
    const type = schema.getType('PageInfo') as GraphQLObjectType;
    expect(fieldsOf(type).map((field) => `${field.name}: ${field.type}`)).toEqual([
      'hasNextPage: Boolean!',
      'hasPreviousPage: Boolean!',
      'startCursor: String',
      'endCursor: String',
    ]);
  });

  const returning = objects.flatMap((type) =>
    fieldsOf(type)
      .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
      .map((field) => [`${type.name}.${field.name}`, field] as const),
  );
  test.each(returning)(
    '%s can be paged in both directions',
    (_, { type, args }: GraphQLField<unknown, unknown>) => {
      const argument = (name: string) => String(args.find((arg) => arg.name === name)?.type);
      expect(String(type)).toMatch(/Connection!$/);
      expect([argument('first'), argument('after')]).toEqual(['Int', 'String']);
      expect([argument('last'), argument('before')]).toEqual(['Int', 'String']);
    },
  );

  test('only connections accept a page size', () => {
    for (const type of objects) {
      for (const field of fieldsOf(type)) {
        if (!field.args.some(({ name }) => name === 'first' || name === 'last')) continue;
        expect(String(field.type)).toMatch(/Connection!$/);
      }
    }
  });
});

describe('nodes', () => {
  test('Node only has an id, and `node` finds any of them', () => {
    const node = schema.getType('Node');
    if (!isInterfaceType(node)) throw new Error('Node is no interface');
    expect(Object.values(node.getFields()).map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'id: ID!',
    ]);
    const field = schema.getQueryType()?.getFields().node;
    expect(String(field?.type)).toBe('Node');
    expect(field?.args.map(({ name, type }) => `${name}: ${type}`)).toEqual(['id: ID!']);
  });

  test('every event is a node, and every type with an id field is one', () => {
    const nodes = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name);
    expect(nodes).toEqual(expect.arrayContaining(catalog.map(({ typeName }) => typeName)));
    for (const type of objects) {
      if (type.getFields().id === undefined) continue;
      expect(nodes).toContain(type.name);
      expect(typeOf(type, 'id')).toBe('ID!');
    }
  });
});
