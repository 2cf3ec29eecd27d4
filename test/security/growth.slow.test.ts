import { describe, expect, test } from 'vitest';
import { growthOf, MAX_GROWTH } from './growth.ts';

const SIZE = 512;
const textOf = (size: number) => 'a,'.repeat(size / 2);

describe('the growth of work', () => {
  test.each<[string, (text: string) => unknown]>([
    ['one pass', (text) => text.split(',').length],
    ['one pass that leaves garbage', (text) => text.split(',').map((part) => ({ part }))],
    ['a sort', (text) => text.split('').sort().length],
    ['nothing', () => undefined],
  ])('stays below the limit for %s', async (_, work) => {
    expect(await growthOf(textOf, work, SIZE)).toBeLessThan(MAX_GROWTH);
  });

  test.each<[string, (text: string) => unknown]>([
    ['a look back at every part', (text) => countRepeats(text.split(''))],
    ['a regular expression that backtracks', (text) => /,+$/.test(`${text.replaceAll('a', ',')}b`)],
    ['a list that is copied for every part', (text) => appendByCopy(text.split(','))],
  ])('exceeds the limit for %s', async (_, work) => {
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
