import { spawnSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MAX_BYTES = 1024 * 1024;

/** Files that may be larger, each with the reason: { path: reason }. None today. */
const EXCEPTIONS = {};

/**
 * Lists the tracked files of a Git repository that are larger than 1 MiB.
 *
 * @param {string} directory the top of the working tree
 * @param {Record<string, string>} exceptions a reason by path; a path that is not too large is listed too
 * @returns {string[]} one sentence for each file
 */
export function findLargeFiles(directory, exceptions = EXCEPTIONS) {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * MAX_BYTES,
  });
  if (status !== 0) throw new Error(`git ls-files failed in ${directory}`);
  const sizes = new Map(
    stdout
      .split('\0')
      .filter((path) => path !== '')
      .map((path) => [
        path,
        lstatSync(join(directory, path), { throwIfNoEntry: false })?.size ?? 0,
      ]),
  );
  const tooLarge = [...sizes]
    .filter(([path, bytes]) => bytes > MAX_BYTES && !exceptions[path])
    .map(([path, bytes]) => `${path}: ${bytes} bytes, at most ${MAX_BYTES} are allowed`);
  const unneeded = Object.keys(exceptions)
    .filter((path) => (sizes.get(path) ?? 0) <= MAX_BYTES)
    .map((path) => `${path}: needs no exception in scripts/check-file-sizes.mjs`);
  return [...tooLarge, ...unneeded];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = findLargeFiles('.');
  for (const sentence of found) console.log(sentence);
  if (found.length > 0) {
    console.log('Remove the file, or list it with its reason in scripts/check-file-sizes.mjs.');
    process.exitCode = 1;
  }
}
