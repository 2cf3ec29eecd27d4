import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { syntaxErrorOffset } from '../../src/webhook/syntax-error-offset.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('points at the first invalid character', () => {
  test.each([
    ['{"a":}', 5],
    ['{"a" 1}', 5],
    ['{"a":1,}', 7],
    ['{a:1}', 1],
    ["{'a':1}", 1],
    ['{"a":1]', 6],
    ['[1,]', 3],
    ['[1 2]', 3],
    [']', 0],
    ['{} {}', 3],
    ['01', 1],
    ['-x', 1],
    ['1.x', 2],
    ['1e+x', 3],
    ['.5', 0],
    ['+1', 0],
    ['nul!', 3],
    ['NaN', 0],
    ['"a\nb"', 2],
    ['"\\x"', 2],
    ['"\\u00g0"', 5],
    ['\u00a0{}', 0],
  ])('%j at %i', (text, offset) => {
    expect(syntaxErrorOffset(text)).toBe(offset);
  });
});

test.each([
  '',
  ' ',
  '{',
  '{"a',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '[',
  '-',
  '1.',
  '1e',
  'tru',
  '"\\',
  '"\\u00',
])('returns the length of a text that ends early: %j', (text) => {
  expect(syntaxErrorOffset(text)).toBe(text.length);
});

test('handles a million open brackets', () => {
  expect(syntaxErrorOffset('['.repeat(1_000_000))).toBe(1_000_000);
});

const damaged = fc
  .tuple(fc.json(), fc.nat(), fc.nat({ max: 2 }), fc.constantFrom(...'{}[]:,"\\ \n0-.etu\0x', ''))
  .map(([text, place, cut, put]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + put + text.slice(at + cut);
  });

test('is undefined if and only if JSON.parse accepts the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), damaged), (text) => {
      expect(syntaxErrorOffset(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 3000 },
  );
});

test('the text before the offset can start a JSON text', () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const offset = syntaxErrorOffset(text);
      if (offset === undefined) return;
      const before = text.slice(0, offset);
      expect([undefined, before.length]).toContain(syntaxErrorOffset(before));
    }),
    { numRuns: 3000 },
  );
});
