import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWorkSlices } from '../../../src/memory/work-slices.ts';
import { serializeInSlices } from '../../../src/server/graphql/serialize-in-slices.ts';

const KIB = 1024;

async function serialize(value: unknown) {
  const slices = createWorkSlices();
  const parts: number[] = [];
  const text = await serializeInSlices(value, {
    slices: slices.open(),
    onBytes(bytes) {
      parts.push(bytes);
      return undefined;
    },
  });
  return { text, parts, waits: slices.waits() };
}

/** So large that it is serialised in parts of its own. */
const large = fc.array(fc.jsonValue(), { maxLength: 5 }).map((items) => ({
  text: 'é"\n'.repeat(30 * KIB),
  many: Array.from({ length: 3_000 }, () => items),
  ['__proto__' as string]: items,
  last: undefined,
}));

test('gives the same text as JSON.stringify, for values of any size and shape', async () => {
  const { value: any } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue(),
      large,
      fc.constant(undefined),
      fc.constant(new Date(0)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('2', '1', '__proto__')), tie('value'), {
        maxKeys: 4,
      }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(any, async (value) => {
      const wrapped = { value };
      expect((await serialize(wrapped)).text).toBe(JSON.stringify(wrapped));
    }),
    { numRuns: 60 },
  );
});

test('an answer of many or of large members is serialised in small parts, in several turns', async () => {
  const edges = Array.from({ length: 2_000 }, (_, index) => ({
    node: { index, text: 'x'.repeat(KIB) },
  }));
  const wide = Object.fromEntries(
    Array.from({ length: 67_000 }, (_, index) => [`k${index}`, index]),
  );
  // One event, selected under several aliases.
  const node = { a: wide, b: wide, c: { list: [wide] } };
  const empty = { toJSON: () => ({ list: Array.from({ length: 300_000 }, () => ({})) }) };
  for (const value of [
    { events: { edges } },
    { payload: wide },
    { payload: empty },
    { events: { edges: [{ node }] } },
  ]) {
    const { text, parts, waits } = await serialize(value);
    expect(text).toBe(JSON.stringify(value));
    expect(Math.max(...parts)).toBeLessThan(130 * KIB);
    expect(waits).toBeGreaterThanOrEqual(Math.floor(text.length / (512 * KIB)));
  }
});
