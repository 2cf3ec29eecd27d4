import { getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createComplexityCache } from '../../../src/server/graphql/complexity-cache.ts';

const document = parse(
  'query A($first: Int = 5, $with: Boolean!, $after: String) { a } query B { b }',
);
const operation = (name: string) => getOperationAST(document, name) as OperationDefinitionNode;

test('the cache ignores cursors, and respects sizes and selections', () => {
  const passed = createComplexityCache();
  const of = (variables: Record<string, unknown>, name = 'A') =>
    passed.of(document, operation(name), variables);
  of({ first: 10, with: true, after: 'one' }).add();
  expect(of({ first: 10, with: true, after: 'two' }).has()).toBe(true);
  expect(of({ first: 10, with: true }).has()).toBe(true);
  for (const other of [
    { first: 11, with: true },
    { first: 10, with: false },
    { first: null, with: true },
    { with: true },
    { first: '10', with: true },
    { first: [10], with: true },
  ]) {
    expect(of(other).has(), JSON.stringify(other)).toBe(false);
  }
  expect(of({ first: 10, with: true }, 'B').has()).toBe(false);
  expect(createComplexityCache().of(document, operation('A'), { first: 10 }).has()).toBe(false);
});

test('the entries per operation are bounded', () => {
  const passed = createComplexityCache();
  const of = (first: unknown) => passed.of(document, operation('A'), { first });
  of('x'.repeat(1_000)).add();
  expect(of('x'.repeat(1_000)).has()).toBe(false);
  for (let first = 0; first <= 100; first += 1) of(first).add();
  expect(of(100).has()).toBe(true);
  expect(of(0).has()).toBe(false);
});

test('a value that is too deep to be serialised is not cached', () => {
  const passed = createComplexityCache();
  let first: unknown = 1;
  for (let depth = 0; depth < 100_000; depth += 1) first = [first];
  passed.of(document, operation('A'), { first }).add();
  expect(passed.of(document, operation('A'), { first }).has()).toBe(false);
});
