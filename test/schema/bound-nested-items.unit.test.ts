import { buildSchema, execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { completeLimits } from '../../src/config/limits.ts';
import { boundNestedItems, TooManyItemsError } from '../../src/schema/bound-nested-items.ts';

const schema = boundNestedItems(
  buildSchema('type Query { items: [Item!]! } type Item { a: Int list: [Item!]! }'),
);
const contextValue = { limits: completeLimits({ maxComplexity: 10 }) };
const document = parse('query($x: Int) { items { list { a } } }');
const nested = (length: number, each: number) => ({
  items: Array.from({ length }, () => ({ list: Array.from({ length: each }, () => ({ a: 1 })) })),
});
const run = (rootValue: object) => execute({ schema, document, rootValue, contextValue });

test('items of nested lists are counted together, for each execution', async () => {
  for (let times = 0; times < 3; times += 1) {
    expect(await run(nested(5, 2))).not.toHaveProperty('errors');
  }
  const { data, errors } = await run(nested(5, 3));
  expect(data).toBeNull();
  expect(errors?.[0]?.originalError).toBeInstanceOf(TooManyItemsError);
});

test('a list that is below no other one has a bound of its own', async () => {
  expect(await run(nested(30, 0))).not.toHaveProperty('errors');
});
