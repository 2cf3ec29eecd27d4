import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formats } from '../../src/cli/commands/export/formats.ts';
import { openOutput } from '../../src/cli/commands/export/open-output.ts';
import { readLines } from '../../src/cli/commands/replay/read-lines.ts';
import { toDelivery } from '../../src/cli/commands/replay/to-delivery.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { growthOf, MAX_GROWTH } from './growth.ts';
import { many } from './hard-texts.ts';

const LINE_CHARS = 8 * 1024;
/** A file is read in chunks of 64 KiB, and the cost of many of them counts. */
const FILE_CHARS = 2 * 1024 * 1024;
/** As a pipe may give them. Unit: bytes. */
const CHUNK = 64;

/** Lines of exports and recordings: the size is their length. */
const LINES: Record<string, (size: number) => string> = {
  'an event': (size) =>
    `{"cursor":"a","typeName":"a","occurredOn":"","payload":{"a":"${'b'.repeat(size)}"}}`,
  'an open object': (size) => `{"typeName":${'{"a":'.repeat(size / 5)}`,
  quotes: many('"'),
  commas: many(','),
  'a cursor without an end': many('a'),
  'line feeds': many('\n'),
  'carriage returns': many('\r'),
};

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

const READERS: Record<string, (text: string) => unknown> = {
  'the lines of a recording': async (text) => {
    for await (const line of readLines(chunksOf(text))) line.at(0);
  },
  'a line of a recording': (text) => toDelivery(Buffer.from(text)),
  'the cursor of a JSON line': formats.jsonl.cursorOf,
  'the cursor of a CSV line': formats.csv.cursorOf,
};

describe.each(Object.entries(READERS))('%s: read in linear time', (_, read) => {
  test.each(Object.entries(LINES))('%s', async (_, make) => {
    expect(await growthOf(make, read, LINE_CHARS)).toBeLessThan(MAX_GROWTH);
  });
});

test('the file of an interrupted export is read in linear time, with a line as long as the file', async () => {
  const directory = await temporaryDirectory();
  let files = 0;
  function make(size: number): string {
    const file = join(directory, `${files++}.jsonl`);
    writeFileSync(file, `{"cursor":"a","payload":"${'b'.repeat(size)}"}\n`);
    return file;
  }
  async function resume(file: string): Promise<void> {
    const output = await openOutput({ out: process.stdout }, file, formats.jsonl, true);
    await output.close();
  }
  expect(await growthOf(make, resume, FILE_CHARS)).toBeLessThan(MAX_GROWTH);
});
