import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/schema/schema.ts';

/** A part of the schema, such as `Query.events(first:)`. */
interface Part {
  name: string;
  description: string | null | undefined;
  /** True if the part has a value that an example can show. */
  hasValue: boolean;
}

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const parts = types.flatMap(partsOf);

function partsOf(type: GraphQLNamedType): Part[] {
  const itself = { name: type.name, description: type.description, hasValue: isScalarType(type) };
  if (isEnumType(type)) {
    const values = type.getValues().map(({ name, description }) => ({
      name: `${type.name}.${name}`,
      description,
      hasValue: false,
    }));
    return [itself, ...values];
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map(({ name, description }) => ({
      name: `${type.name}.${name}`,
      description,
      hasValue: true,
    }));
    return [{ ...itself, hasValue: true }, ...fields];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [itself];
  const fields = Object.values(type.getFields()).flatMap(
    ({ name, description, type: of, args }) => [
      {
        name: `${type.name}.${name}`,
        description,
        // Booleans and enum values need no example.
        hasValue: isScalarType(getNamedType(of)) && getNamedType(of).name !== 'Boolean',
      },
      ...args.map((arg) => ({
        name: `${type.name}.${name}(${arg.name}:)`,
        description: arg.description,
        hasValue: true,
      })),
    ],
  );
  return [itself, ...fields];
}

test('every type, field, argument and value has a description that is a sentence', () => {
  expect(parts.length).toBeGreaterThan(150);
  const bad = parts.filter(({ description }) => !/^[^a-z\s].*[.`]$/s.test(description ?? ''));
  expect(bad.map(({ name, description }) => `${name}: ${description}`)).toEqual([]);
});

test('every scalar value has an example', () => {
  const bad = parts.filter(
    ({ hasValue, description }) => hasValue && !/Example: `.+`/s.test(description ?? ''),
  );
  expect(bad.map(({ name }) => name)).toEqual([]);
});

test('every event type has an example payload', () => {
  const events = schema.getPossibleTypes(schema.getType('Event') as never);
  expect(events.length).toBeGreaterThan(8);
  for (const { name, description } of events) {
    expect(`${name}: ${description}`).toMatch(/Example: /);
  }
});
