import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventDigest } from '../../src/catalog/event-digest.ts';
import type { JsonObject, JsonValue } from '../../src/catalog/json.ts';

const INSTANT = '2021-09-14T15:55:12.642Z';
const digest = (payload: JsonObject) =>
  eventDigest('message_sent', INSTANT, payload).toString('hex');
/** The digest of a payload with a known canonical text. */
const digestOf = (canonical: string) =>
  createHash('sha256').update(`["message_sent","${INSTANT}",${canonical}]`).digest('hex');

describe('has the form of RFC 8785', () => {
  test('§3.2.2 and §3.2.4: numbers, strings, literals', () => {
    const payload: JsonObject = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    const canonical = Buffer.from(
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b' +
        '3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c' +
        '22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d',
      'hex',
    ).toString();
    expect(digest(payload)).toBe(digestOf(canonical));
  });

  test('§3.2.3: keys in the order of their UTF-16 code units', () => {
    const payload: JsonObject = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }`);
    const canonical =
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control",' +
      '"ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face",' +
      '"\ufb33":"Hebrew Letter Dalet With Dagesh"}';
    expect(digest(payload)).toBe(digestOf(canonical));
  });

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('appendix B: the double %s is %s', (bits, canonical) => {
    const n = Buffer.from(bits, 'hex').readDoubleBE();
    expect(digest({ n })).toBe(digestOf(`{"n":${canonical}}`));
  });

  test('every key affects the digest, whatever its name', () => {
    const text = '{"":0,"$ref":1,"__proto__":{"x":2},"a.b":3,"constructor":4,"toJSON":"5"}';
    expect(digest(JSON.parse(text))).toBe(digestOf(text));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d has no canonical form and throws', (n) => {
    expect(() => digest({ n })).toThrow();
  });
});

test('is 32 bytes that depend on type and instant too', () => {
  const plain = eventDigest('a', INSTANT, {});
  expect(plain).toHaveLength(32);
  expect(eventDigest('b', INSTANT, {})).not.toEqual(plain);
  expect(eventDigest('a', '2021-09-14T15:55:12.6421Z', {})).not.toEqual(plain);
});

const { tree, object } = fc.letrec<{ tree: JsonValue; object: JsonObject }>((again) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    // JSON has one zero (RFC 8785 writes -0 as 0).
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(again('tree'), { maxLength: 4 }),
    again('object'),
  ),
  object: fc.dictionary(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', '', '10', '9')),
    again('tree'),
    { maxKeys: 5 },
  ),
}));

/** The same value with reversed keys in every object. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]) => [key, reversed(item)]);
  return Object.fromEntries(entries.reverse());
}

/** All values that differ from this one in a single leaf; an empty container is a leaf too. */
function* changes(value: JsonValue): Generator<JsonValue> {
  const entries = value === null || typeof value !== 'object' ? [] : Object.entries(value);
  if (entries.length === 0) yield JSON.stringify(value) === '"changed"' ? 'again' : 'changed';
  for (const [key, item] of entries) {
    for (const changed of changes(item)) {
      yield Array.isArray(value)
        ? value.with(Number(key), changed)
        : Object.fromEntries(entries.map((entry) => (entry[0] === key ? [key, changed] : entry)));
    }
  }
}

test('does not depend on the order of keys', () => {
  fc.assert(
    fc.property(object, (payload) => {
      expect(digest(reversed(payload) as JsonObject)).toBe(digest(payload));
    }),
    { numRuns: 500 },
  );
});

test('differs for every changed leaf', () => {
  fc.assert(
    fc.property(object, tree, (payload, extra) => {
      const whole: JsonObject = { payload, extra };
      const digests = [...changes(whole)].map((changed) => digest(changed as JsonObject));
      expect(digests).not.toContain(digest(whole));
    }),
    { numRuns: 500 },
  );
});
