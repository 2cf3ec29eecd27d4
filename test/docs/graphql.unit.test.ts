import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { codeBlocks, documents, read } from './documents.ts';

const schema = buildSchema(read('schema.graphql'));

const operations = documents.flatMap((path) =>
  codeBlocks(read(path))
    .filter(({ language }) => language === 'graphql')
    .map(({ code }) => ({ path, code })),
);

test('the documents contain operations', () => {
  expect(operations.length).toBeGreaterThan(4);
});

test.for(operations)('$path contains a valid operation: $code', ({ code }) => {
  expect(validate(schema, parse(code)).map(({ message }) => message)).toEqual([]);
});
