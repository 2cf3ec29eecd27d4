import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import { sizeOf } from '../../src/catalog/size-of.ts';
import { newEvent } from '../log/new-event.ts';

const EMPTY = sizeOf(newEvent());
const sizeFor = (payload: JsonObject) => sizeOf(newEvent(payload)) - EMPTY;
const repeated = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

/** Heap size per value in Node 20, measured with --expose-gc over a hundred of them. */
describe('the estimate is close to the memory used', () => {
  test.each([
    ['text of Latin-1', { text: 'x'.repeat(20_000) }, 21_000],
    ['other text', { text: 'ñ€'.repeat(10_000) }, 39_000],
    ['whole numbers', { list: repeated(5_000, (index) => index) }, 39_000],
    ['empty objects', { list: repeated(3_000, () => ({})) }, 194_000],
    ['many keys', Object.fromEntries(repeated(3_000, (k) => [`k${k / 7}`, k])), 318_000],
  ])('for %s', (_, payload, measured) => {
    const size = sizeFor(payload);
    expect(size).toBeGreaterThan(0.8 * measured);
    expect(size).toBeLessThan(1.25 * measured);
  });

  test("for the sender's examples", () => {
    for (const { example } of catalog) {
      const size = sizeOf(newEvent(example as JsonObject));
      expect(size).toBeGreaterThan(600);
      expect(size).toBeLessThan(1_800);
    }
  });
});

test('it is never less than the length of the text', () => {
  const payloads: JsonObject[] = [
    { deep: repeated(50, () => 0).reduce<JsonObject>((inner) => ({ inner }), {}) },
    { list: [null, true, 1.5, 2 ** 53 - 1, -0, '', [], {}] },
    JSON.parse('{"__proto__":{"text":"xxxxxxxxxxxxxxxxxxxx"},"":"x"}'),
  ];
  for (const payload of payloads) {
    expect(sizeFor(payload)).toBeGreaterThan(JSON.stringify(payload).length);
  }
});

test('members beside the payload count too', () => {
  const event = newEvent();
  expect(sizeOf({ ...event, extra: { text: 'x'.repeat(1_000) } })).toBeGreaterThan(EMPTY + 1_000);
});
