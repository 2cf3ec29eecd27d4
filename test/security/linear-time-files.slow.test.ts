import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formats } from '../../src/cli/commands/export/formats.ts';
import { openOutput } from '../../src/cli/commands/export/open-output.ts';
import { readLines } from '../../src/cli/commands/replay/read-lines.ts';
import { toDelivery } from '../../src/cli/commands/replay/to-delivery.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { repeated } from './adversarial-inputs.ts';
import { growthOf, MAX_GROWTH } from './growth.ts';

const LINE_CHARS = 8 * 1024;
/** Many chunks of 64 KiB, the size in which a file is read. */
const FILE_CHARS = 2 * 1024 * 1024;
/** Small chunks, as from a pipe. */
const CHUNK_BYTES = 64;

/** Lines of exports and recordings, by their length in characters. */
const LINES: Record<string, (size: number) => string> = {
  'an event': (size) =>
    `{"cursor":"a","typeName":"a","occurredOn":"","payload":{"a":"${'b'.repeat(size)}"}}`,
  'nested objects without an end': (size) => `{"typeName":${'{"a":'.repeat(size / 5)}`,
  'only quotes': repeated('"'),
  'only commas': repeated(','),
  'a cursor without an end': repeated('a'),
  'only line feeds': repeated('\n'),
  'only carriage returns': repeated('\r'),
};

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

const READERS: Record<string, (text: string) => unknown> = {
  'reading the lines of a recording': async (text) => {
    for await (const line of readLines(chunksOf(text))) line.at(0);
  },
  'parsing a line of a recording': (text) => toDelivery(Buffer.from(text)),
  'finding the cursor of a JSON line': formats.jsonl.cursorOf,
  'finding the cursor of a CSV line': formats.csv.cursorOf,
};

describe.each(Object.entries(READERS))('%s takes linear time', (_, read) => {
  test.each(Object.entries(LINES))('%s', async (_, make) => {
    expect(await growthOf(make, read, LINE_CHARS)).toBeLessThan(MAX_GROWTH);
  });
});

test('resuming an export takes linear time for a file of one line', async () => {
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
