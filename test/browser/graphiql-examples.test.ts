import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { graphiqlExamples } from '../../src/server/pages/graphiql-examples.ts';

test.each(graphiqlExamples)('the example is valid and has an explanation: $query', (example) => {
  expect(validate(schema, parse(example.query))).toEqual([]);
  expect(example.query).toMatch(/^# \w/);
  expect(JSON.parse(example.variables ?? '{}')).toBeTypeOf('object');
});

test('the live subscription is the first example', () => {
  expect(graphiqlExamples[0]?.query).toMatch(/^subscription LiveEvents/m);
});
