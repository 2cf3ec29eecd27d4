import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { completeLimits } from '../../../src/config/limits.ts';
import { createMemoryBudget } from '../../../src/memory/memory-budget.ts';
import { createBoundedExecute } from '../../../src/server/graphql/bounded-execute.ts';

const limits = completeLimits({ maxAnswerBytes: 1_000_000 });

/** Executes fields that fail with a message of a length; a non-null one makes the data null. */
async function fail(type: 'Int' | 'Int!', length: number, text = '') {
  const budget = createMemoryBudget(limits);
  const result = await createBoundedExecute(limits)({
    schema: buildSchema(`type Query { text: String, failing: ${type} }`),
    document: parse('{ text failing }'),
    rootValue: {
      text,
      failing() {
        throw new Error('x'.repeat(length));
      },
    },
    contextValue: { memory: budget.open() },
  });
  return { messages: result.errors?.map(({ message }) => message), held: budget.heldBytes() };
}

test.each(['Int', 'Int!'] as const)('holds the memory of errors of an %s', async (type) => {
  const { messages, held } = await fail(type, 500_000);
  expect(messages).toEqual(['x'.repeat(500_000)]);
  expect(held).toBeGreaterThan(500_000);
});

test('holds the memory of errors beside data that is serialised in slices', async () => {
  const { held } = await fail('Int', 300_000, 'y'.repeat(400_000));
  expect(held).toBeGreaterThan(700_000);
});

test.each([
  ['Int', 1_000_001, ''],
  ['Int!', 1_000_001, ''],
  ['Int', 600_000, 'y'.repeat(600_000)],
] as const)('refuses errors of an %s above the size of an answer', async (type, length, text) => {
  const { messages } = await fail(type, length, text);
  expect(messages).toEqual([expect.stringContaining('GRAPHQL_MAX_ANSWER_BYTES')]);
});
