import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
// @ts-expect-error a script of the project, without types
import { findLargeFiles } from '../../scripts/check-file-sizes.mjs';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const MIB = 1024 * 1024;

async function repositoryWith(sizes: Record<string, number>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [path, bytes] of Object.entries(sizes)) {
    await writeFile(join(directory, path), Buffer.alloc(bytes));
  }
  execFileSync('git', ['init', '-q'], { cwd: directory });
  execFileSync('git', ['add', '.'], { cwd: directory });
  return directory;
}

test('a tracked file above 1 MiB is named with its size', async () => {
  const directory = await repositoryWith({ 'small.txt': MIB, 'large.whl': MIB + 1 });
  await writeFile(join(directory, 'untracked.bin'), Buffer.alloc(2 * MIB));
  expect(findLargeFiles(directory, {})).toEqual([
    'large.whl: 1048577 bytes, at most 1048576 are allowed',
  ]);
});

test('an exception needs a reason and a large file', async () => {
  const directory = await repositoryWith({ 'small.txt': 1, 'large.png': MIB + 1 });
  expect(findLargeFiles(directory, { 'large.png': 'The page needs it.' })).toEqual([]);
  expect(findLargeFiles(directory, { 'large.png': '' })).toHaveLength(1);
  expect(findLargeFiles(directory, { 'large.png': 'It is.', 'small.txt': 'It was.' })).toEqual([
    'small.txt: needs no exception in scripts/check-file-sizes.mjs',
  ]);
});
