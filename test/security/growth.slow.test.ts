import { describe, expect, test } from 'vitest';
import { growthOf, MAX_GROWTH } from './growth.ts';

const SIZE = 512;
const textOf = (size: number) => 'a,'.repeat(size / 2);

describe('growthOf', () => {
  test.each<[string, (text: string) => unknown]>([
    ['a single pass', (text) => text.split(',').length],
    [
      'a single pass that allocates an object for each part',
      (text) => text.split(',').map((part) => ({ part })),
    ],
    ['a sort', (text) => text.split('').sort().length],
    ['an empty function', () => undefined],
  ])('is below MAX_GROWTH for %s', async (_, work) => {
    expect(await growthOf(textOf, work, SIZE)).toBeLessThan(MAX_GROWTH);
  });

  test.each<[string, (text: string) => unknown]>([
    ['a comparison of each part with all earlier ones', (text) => countRepeats(text.split(''))],
    ['a backtracking regular expression', (text) => /,+$/.test(`${text.replaceAll('a', ',')}b`)],
    ['a list that is copied for each part', (text) => appendByCopy(text.split(','))],
  ])('is above MAX_GROWTH for %s', async (_, work) => {
    expect(await growthOf(textOf, work, SIZE)).toBeGreaterThan(MAX_GROWTH);
  });
});

function countRepeats(parts: readonly string[]): number {
  return parts.filter((part, index) => parts.slice(0, index).every((one) => one !== `${part} `))
    .length;
}

function appendByCopy(parts: readonly string[]): readonly string[] {
  let all: readonly string[] = [];
  for (const part of parts) all = all.concat(part);
  return all;
}
