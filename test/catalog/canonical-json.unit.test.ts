import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/catalog/canonical-json.ts';
import type { JsonValue } from '../../src/catalog/json.ts';

/** Keys that objects order by themselves, that are inherited, and that sort by code units. */
const key = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toJSON',
    '10',
    '9',
    '',
    'é',
    '\u20ac',
    '\ud83d\ude00',
    '\ufb33',
  ),
  fc.string({ unit: 'grapheme' }),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false, 0, -0, 1e21, 1e-7, 5e-324, 2 ** 53 - 1),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value')),
    fc.array(fc.tuple(key, tie('value'))).map((members) => Object.fromEntries(members)),
  ),
})).value;

test('the canonical text is that of the package canonicalize', () => {
  fc.assert(
    fc.property(value, (any) => {
      const sent: JsonValue = JSON.parse(JSON.stringify(any));
      expect(canonicalJson(sent)).toBe(canonicalize(sent));
    }),
    { numRuns: 2_000 },
  );
});

// RFC 8785, 3.2.3.
test('keys are ordered by their UTF-16 code units', () => {
  const text = '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}';
  expect(canonicalJson(JSON.parse(text))).toBe(
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\ud83d\ude00":5,"\ufb33":3}',
  );
});

test.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  [1, Number.NaN],
  { a: [Number.NEGATIVE_INFINITY] },
])('%j is refused', (any) => {
  expect(() => canonicalJson(any)).toThrow('NaN or Infinity');
});
