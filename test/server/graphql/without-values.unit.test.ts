import {
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isLeafType,
  parse,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/schema/schema.ts';
import { maskError } from '../../../src/server/graphql/mask-error.ts';

const EMAIL = 'anna.smith@mail.example';
const PHONE = '34666123123';
const LITERALS = [
  JSON.stringify(EMAIL),
  `"""${EMAIL}"""`,
  PHONE,
  `${PHONE}.5`,
  `["${EMAIL}", ${PHONE}]`,
  `{ contact: "${EMAIL}", phone: [${PHONE}] }`,
];

function messagesOf(document: string): string[] {
  const mask = (error: unknown) =>
    maskError(error, 'a-request', () => {
      throw new Error('masked as an internal error', { cause: error });
    }).message;
  try {
    return validate(schema, parse(document)).map(mask);
  } catch (error) {
    return [mask(error)];
  }
}

/** Returns a literal in the place of each leaf of an argument's type. */
function placesIn(type: GraphQLInputType, literal: string, depth = 4): string[] {
  const named = getNamedType(type);
  if (isLeafType(named) || depth === 0) return [literal];
  if (!isInputObjectType(named)) return [];
  const nested = Object.values(named.getFields()).flatMap((field) =>
    placesIn(field.type, literal, depth - 1).map((value) => `{ ${field.name}: ${value} }`),
  );
  return [literal, ...nested];
}

test.each(LITERALS)('no error about an argument quotes the literal %s', (literal) => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const documents = roots.flatMap((root) =>
    Object.values(root?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((arg) =>
        placesIn(arg.type, literal).map(
          (value) => `${root?.name.toLowerCase()} { ${field.name}(${arg.name}: ${value}) }`,
        ),
      ),
    ),
  );
  expect(documents.length).toBeGreaterThan(60);
  const messages = documents.flatMap(messagesOf);
  expect(messages.filter((message) => /anna|mail\.example|666123/.test(message))).toEqual([]);
  // They still say what is expected.
  expect(messages.some((message) => /cannot represent|Expected value of type/.test(message))).toBe(
    true,
  );
});

test.each([
  `{ usersByContact(contact: "${EMAIL}" "${EMAIL}") }`,
  `{ usersByContact("${EMAIL}") }`,
  `{ "${EMAIL}" }`,
  `{ ${PHONE} }`,
  `{ usersByContact(contact: ${PHONE}.5 ${PHONE}.5) }`,
  `{ usersByContact """${EMAIL}\n${PHONE}""" }`,
  `{ usersByContact(contact: '${EMAIL}') }`,
])('the error about the syntax of %s quotes no value', (document) => {
  const messages = messagesOf(document);
  expect(messages).toEqual([expect.stringMatching(/^Syntax Error: /)]);
  expect(messages[0]).not.toMatch(/anna|mail\.example|666123/);
});

test('an error says what stands where another type is expected', () => {
  expect(
    messagesOf(`{ user(id: "x") { id } usersByContact(contact: ${PHONE}) { nodes { id } } }`),
  ).toEqual(['String cannot represent a non string value: a number']);
  expect(messagesOf('{ users(filter: "x") { nodes { id } } }')).toEqual([
    'Expected value of type "UserFilter", found a string.',
  ]);
  // Names of enums are quoted, since they are not data.
  expect(messagesOf('{ events(filter: { types: [MESSAGE_SEN] }) { reached } }')).toEqual([
    expect.stringMatching(/^Value "MESSAGE_SEN" does not exist in "EventType" enum/),
  ]);
});
