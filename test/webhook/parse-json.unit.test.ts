import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refused } from '../../src/webhook/outcome.ts';
import { parseJson } from '../../src/webhook/parse-json.ts';
import { senderExample, senderExamples } from '../fixtures/sender.ts';

function parsedValue(text: string | Buffer) {
  const parsed = parseJson(Buffer.from(text));
  if (parsed.kind === 'refused') throw new Error(parsed.detail);
  return parsed.value;
}

test.each(senderExamples)('parses the example of %s', (name) => {
  expect(parsedValue(senderExample(name))).toMatchObject({ type: name, payload: {} });
});

test('keeps __proto__ as an own key', () => {
  const value = parsedValue('{"__proto__":{"admin":true}}');
  expect(Object.keys(value as object)).toEqual(['__proto__']);
  expect((value as { admin?: boolean }).admin).toBeUndefined();
});

test('ignores a byte order mark', () => {
  expect(parsedValue('\ufeff{"a":"é"}')).toEqual({ a: 'é' });
});

test.each(['null', '[]', '"x"', '1', 'true'])('accepts any value: %s', (text) => {
  expect(parsedValue(text)).toEqual(JSON.parse(text));
});

describe('syntax error', () => {
  test.each([
    ['empty', '', 'the body is empty'],
    ['a byte order mark only', '\ufeff', 'the body is empty'],
    ['white space only', ' \n', 'the body of 2 bytes is not JSON'],
    ['cut short', '{"a":', 'the body of 5 bytes is not JSON'],
    ['not JSON', 'a=1&b=2', 'the body of 7 bytes is not JSON'],
    ['two byte order marks', '\ufeff\ufeff{}', 'the body of 8 bytes is not JSON'],
    ['counted in bytes', '\ufeff{"é€😀":x}', 'the body of 18 bytes is not JSON'],
    ['1 MB of [', '['.repeat(1_000_000), 'the body of 1000000 bytes is not JSON'],
  ])('%s', (_, text, detail) => {
    expect(parseJson(Buffer.from(text))).toEqual(refused('invalid-json', detail));
  });

  test.each([
    ['a stray byte', [0x22, 0x61, 0xff, 0x22]],
    ['a character cut by another', [0x22, 0xe2, 0x82, 0x22]],
    ['a character cut by the end', [0x22, 0xf0, 0x9f]],
    ['an overlong form', [0xc0, 0x80]],
    ['a surrogate in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('invalid UTF-8: %s', (_, bytes) => {
    const detail = `the body of ${bytes.length} bytes is not UTF-8`;
    expect(parseJson(Buffer.from(bytes))).toEqual(refused('invalid-json', detail));
  });

  test('no message quotes the body', () => {
    const text = senderExample('user_first_logged_in').toString();
    for (let end = 0; end < text.length; end++) {
      expect(parseJson(Buffer.from(`${text.slice(0, end)}\0`))).toMatchObject({
        detail: expect.stringMatching(/^the body of \d+ bytes is not JSON$/),
      });
    }
  });
});

describe('unstorable', () => {
  test('names the fault and its path', () => {
    expect(parseJson(Buffer.from('{"payload":{"user_id":"a","user_id":"b"}}'))).toEqual(
      refused('json-not-exact', 'duplicate key at payload.user_id'),
    );
  });

  test('a syntax error takes precedence, wherever it is', () => {
    expect(parseJson(Buffer.from('{"a":1,"a":2'))).toMatchObject({ problem: 'invalid-json' });
  });

  test('accepts half a million levels without a crash', () => {
    const deep = Buffer.from('['.repeat(500_000) + ']'.repeat(500_000));
    expect(parseJson(deep)).toMatchObject({ problem: 'json-not-exact' });
  });
});

/** `JSON.stringify` writes whole numbers below this with all digits. */
const LEAST_WITH_EXPONENT = 1e21;

function withDigits(_: string, value: unknown): unknown {
  const isShown =
    Number.isInteger(value) &&
    !Number.isSafeInteger(value) &&
    Math.abs(value as number) < LEAST_WITH_EXPONENT;
  return isShown ? String(value) : value;
}

test('never throws, and equals JSON.parse, with digits of large numbers', () => {
  const bytes = fc.oneof(
    fc.uint8Array().map((array) => Buffer.from(array)),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (rawBody) => {
      const parsed = parseJson(rawBody);
      if (parsed.kind === 'refused') return;
      expect(parsed.value).toStrictEqual(JSON.parse(rawBody.toString(), withDigits));
    }),
    { numRuns: 2000 },
  );
});
