import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateIJson } from '../../src/webhook/validate-ijson.ts';

const nest = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('finds the fault and its path', () => {
  test.each([
    ['{"payload":{"user_id":"a","x":1,"user_id":"b"}}', 'duplicate key at payload.user_id'],
    ['{"type":1,"\\u0074ype":2}', 'duplicate key at type'],
    ['9007199254740992', 'whole number beyond ±(2^53−1) at the top level'],
    [`[${'9'.repeat(400)}]`, 'whole number beyond ±(2^53−1) at [0]'],
    ['{"payload":{"status":1e400}}', 'number too large for a double at payload.status'],
    ['[1e20]', 'whole number beyond ±(2^53−1) at [0]'],
    ['[9007199254740993.5]', 'whole number beyond ±(2^53−1) at [0]'],
    ['[-1.5E+309]', 'number too large for a double at [0]'],
    [nest(65), 'more than 64 levels at [0][0][0][0][0][0][0][0][0][0]…'],
  ])('%j', (text, message) => {
    expect(validateIJson(text)).toBe(message);
  });
});

describe("does not quote a key that the sender's page does not declare", () => {
  test.each([
    ['{"ana@mail.example":1,"ana@mail.example":2}', 'duplicate key at *'],
    ['{"":1,"":2}', 'duplicate key at *'],
    ['{"__proto__":1,"__proto__":2}', 'duplicate key at *'],
    ['{"payload":{"666996699":1,"666996699":2}}', 'duplicate key at payload.*'],
    // Declared by the page, but not at this place.
    ['{"user_id":1,"user_id":2}', 'duplicate key at *'],
    ['{"a":{"user_id":1,"user_id":2}}', 'duplicate key at *.*'],
    ['{"payload":{"user_id":{"status":1,"status":2}}}', 'duplicate key at payload.user_id.*'],
    ['[{"a":{"b":1}},{"a":{},"a":{}}]', 'duplicate key at [1].*'],
    ['{"n":-9007199254740992}', 'whole number beyond ±(2^53−1) at *'],
    ['{"items":[0,{},[],9007199254740993]}', 'whole number beyond ±(2^53−1) at *[3]'],
    ['{"a":["x","\\ud800"]}', 'lone surrogate in a string at *[1]'],
    ['{"a":"\\udc00\\ud800"}', 'lone surrogate in a string at *'],
    ['{"a":"\\ud83d😀"}', 'lone surrogate in a string at *'],
    ['{"a":{"\\udead":1}}', 'lone surrogate in a key at *.*'],
    ['{"a":{"b\\u0000":1}}', 'U+0000 in a key at *.*'],
    ['{"a":{"_bsontype":1}}', 'key that the database keeps for itself at *.*'],
    ['{"\\u005fbsontype":null}', 'key that the database keeps for itself at *'],
    ['[{"$id":1,"x":2,"$ref":"c"}]', 'key that the database keeps for itself at [0].*'],
    ['{"a.b":{"$c-d":{"e f":[1e999]}}}', 'number too large for a double at *.*.*[0]'],
    [`{"payload":{"${'k'.repeat(65)}":1e999}}`, 'number too large for a double at payload.*'],
  ])('%j', (text, message) => {
    expect(validateIJson(text)).toBe(message);
  });
});

test('escapes are found anywhere', () => {
  const text = '{"a":"\\"","b":"x","c":["\\\\","y"],"d":"z","\\u0062":1}';
  expect(validateIJson(text)).toBe('duplicate key at *');
  expect(validateIJson(text.replace('\\u0062', 'e'))).toBeUndefined();
});

describe('accepts', () => {
  test.each([
    ['the same key in different objects', '{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":{"a":3}}'],
    ['keys that look like values', '{"a":"a","b":"a","c":["a","a"]}'],
    ['keys that differ in case or form', '{"a":1,"A":2,"é":3,"e\u0301":4}'],
    ['special keys', '{"__proto__":{"constructor":1},"$where":1,"a.b":2,"":3,"toJSON":4}'],
    ['parts of a DBRef apart', '{"$ref":"a","b":{"$id":1,"$db":"c"},"_bsontypes":"_bsontype"}'],
    ['the largest whole numbers', '[9007199254740991,-9007199254740991,-0,0]'],
    [
      'large numbers with a point or an exponent',
      '[1.7976931348623157e308,1e21,5E-324,9007199254740991.0]',
    ],
    ['surrogate pairs', '["\\ud83d\\ude00","😀",{"\\uD83D\\uDE00":1}]'],
    ['U+0000 in a string', '{"a":"\\u0000"}'],
    [
      'quotes, braces and commas in strings',
      '{"a\\"":"{[,:\\\\","b":"}],1e999","c\\\\":"\\"1e999"}',
    ],
    ['64 levels', nest(64)],
    ['white space', ' {\n"a" :\t[ 1 , 2 ] ,\r\n"b" : { } } '],
    ['containers after containers', `[${'[],{},'.repeat(100)}[]]`],
  ])('%s', (_, text) => {
    expect(validateIJson(text)).toBeUndefined();
  });
});

/** JSON text of a list of pairs, so that a key may occur twice. */
const written = (pairs: [string, unknown][], escapeKeys: boolean) =>
  `{${pairs.map(([key, value]) => `${escapeKeys ? escaped(key) : JSON.stringify(key)}:${JSON.stringify(value)}`)}}`;

const escaped = (text: string) =>
  `"${text.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

const noNul = (key: string) => !key.includes('\0');
const key = fc.oneof(
  fc.constantFrom('a', 'b', '__proto__', ''),
  fc.string({ unit: 'grapheme' }).filter(noNul),
);

test('a key is a duplicate if and only if it occurs twice, escaped or not', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant({ a: [1, {}] }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value)), fc.boolean(), (pairs, escapeKeys) => {
      const twice = new Set(pairs.map(([name]) => name)).size < pairs.length;
      const found = validateIJson(written(pairs, escapeKeys));
      expect(found?.startsWith('duplicate key') ?? false).toBe(twice);
    }),
    { numRuns: 1000 },
  );
});

test('every JSON.stringify output of I-JSON is accepted, indented or not', () => {
  const { tree } = fc.letrec((again) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(again('tree')),
      fc.dictionary(key, again('tree')),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.nat({ max: 3 }), (value, indent) => {
      expect(validateIJson(JSON.stringify(value, null, indent))).toBeUndefined();
    }),
    { numRuns: 1000 },
  );
});

test('a whole number is accepted if and only if it is safe', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), (number) => {
      const safe = number >= -(2n ** 53n) + 1n && number <= 2n ** 53n - 1n;
      expect(validateIJson(`[${number}]`) === undefined).toBe(safe);
    }),
  );
});
