import { buildSchema, execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { workSlices } from '../../src/memory/work-slices.ts';
import { completeInTurns } from '../../src/schema/complete-in-turns.ts';

const schema = completeInTurns(
  buildSchema(
    'type Query { items: [Item] others: [Item!] } type Item { a: Int b: Int list: [Item!] }',
  ),
);
const itemsOf = (count: number) => Array.from({ length: count }, (_, a) => ({ a, b: -a }));

async function run(query: string, rootValue: object) {
  const before = workSlices.waits();
  const result = execute({ schema, document: parse(query), rootValue });
  const isAtOnce = !('then' in result);
  const { data, errors } = await result;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests are about
  return { data: data as any, errors, isAtOnce, waits: workSlices.waits() - before };
}

test('the items of a long list are completed in several turns, in order', async () => {
  const items = itemsOf(5_000);
  const { data, isAtOnce, waits } = await run('{ items { a b } }', { items });
  expect(isAtOnce).toBe(false);
  expect(JSON.stringify(data)).toBe(JSON.stringify({ items }));
  expect(waits).toBeGreaterThanOrEqual(10);
});

test('more fields of an item lead to more turns, also in fragments and nested lists', async () => {
  const items = itemsOf(300).map((item) => ({ ...item, list: itemsOf(2) }));
  const few = await run('{ items { a } }', { items });
  const aliases = Array.from({ length: 20 }, (_, index) => `x${index}: a`).join(' ');
  const many = await run(
    `{ items { ...F } } fragment F on Item { ${aliases} list { ...G } } fragment G on Item { a b }`,
    { items },
  );
  expect(few.isAtOnce).toBe(true);
  expect(many.waits).toBeGreaterThan(few.waits);
  expect(many.data.items.at(-1).list).toEqual(itemsOf(2));
});

test('a short list is completed at once, and errors keep their place', async () => {
  const short = await run('{ items { a } }', { items: itemsOf(10) });
  expect(short).toMatchObject({ isAtOnce: true, waits: 0 });
  const items = [...itemsOf(4_000), null, { a: 'no number' }];
  const { data, errors } = await run('{ items { a } }', { items });
  expect(data.items.slice(-2)).toEqual([null, { a: null }]);
  expect(errors?.map(({ path }) => path)).toEqual([['items', 4_001, 'a']]);
  const broken = await run('{ others { a } }', { others: [...itemsOf(4_000), null] });
  expect(broken.data).toEqual({ others: null });
  expect(broken.errors).toHaveLength(1);
});
