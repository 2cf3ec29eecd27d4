import { type GraphQLResolveInfo, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { isFieldSelected } from '../../../src/schema/queries/is-field-selected.ts';

/** The parts of the info of the first root field that are read, and how often fragments were. */
function infoOf(text: string) {
  const { definitions } = parse(text);
  let reads = 0;
  const named = definitions.flatMap((node) =>
    node.kind === Kind.FRAGMENT_DEFINITION ? ([[node.name.value, node]] as const) : [],
  );
  const fragments = new Proxy(Object.fromEntries(named), {
    get(target, name) {
      reads += 1;
      return Reflect.get(target, name);
    },
  });
  const [operation] = definitions;
  const fieldNodes =
    operation?.kind === Kind.OPERATION_DEFINITION && operation.selectionSet.selections;
  return { info: { fieldNodes, fragments } as unknown as GraphQLResolveInfo, reads: () => reads };
}

test.each([
  ['{ counts { rows { users } } }', true],
  ['{ counts { rows { count } users } }', false],
  ['{ counts { a: rows { b: users } } }', true],
  [
    '{ counts { ...A ...B } } fragment A on C { reached } fragment B on C { rows { ...D } } fragment D on R { users }',
    true,
  ],
  // A fragment on both levels: only the second has a row around it.
  ['{ counts { ...A rows { ...A } } } fragment A on Any { ... { users } }', true],
  ['{ counts { ...A ...A } } fragment A on Any { ... { users } }', false],
])('%s: %s', (text, isSelected) => {
  expect(isFieldSelected(infoOf(text).info, ['rows', 'users'])).toBe(isSelected);
});

test('searches fragments once that spread each other many times', () => {
  const levels = Array.from(
    { length: 4 },
    (_, level) => `fragment F${level} on Any { ${`...F${level + 1} `.repeat(10)} }`,
  );
  const { info, reads } = infoOf(
    `{ counts { ...F0 } } ${levels.join(' ')} fragment F4 on Any { reached }`,
  );
  expect(isFieldSelected(info, ['rows', 'users'])).toBe(false);
  expect(reads()).toBe(5);
});
