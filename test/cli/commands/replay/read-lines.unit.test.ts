import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readLines } from '../../../../src/cli/commands/replay/read-lines.ts';

async function linesOf(chunks: Iterable<Buffer>): Promise<string[]> {
  const lines: string[] = [];
  // Latin-1 maps each byte to one character, so nothing is decoded.
  for await (const line of readLines(Readable.from(chunks))) lines.push(line.toString('latin1'));
  return lines;
}

test.for([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\n\nb\r\n', ['a', '', 'b']],
  ['\n', ['']],
  ['a\rb \xe2\x80\xa8 c\x85d\n\xff\xfe\n', ['a\rb \xe2\x80\xa8 c\x85d', '\xff\xfe']],
] as const)('reads the lines of %j, however the input is split', async ([text, lines]) => {
  const bytes = Buffer.from(text, 'latin1');
  expect(await linesOf([bytes])).toEqual(lines);
  expect(await linesOf([...bytes].map((byte) => Buffer.from([byte])))).toEqual(lines);
});

test('refuses an endless line before it fills the memory', async () => {
  let given = 0;
  function* endless() {
    for (; ; given += 1) yield Buffer.alloc(2 ** 20, 'x');
  }
  await expect(linesOf(endless())).rejects.toThrow('Line 1 has more than 64 MiB');
  expect(given).toBeLessThan(100);
});
