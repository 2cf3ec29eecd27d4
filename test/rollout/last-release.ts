import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '0.1.0';
const PACKED = join(import.meta.dirname, `../fixtures/releases/eventline-${VERSION}.tgz`);
/** Inside node_modules, so that the release finds the packages that it imports. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/eventline');

/**
 * Unpacks the last release once, and returns its program. It runs with the current packages; the
 * versions differ in their code and their database contents.
 */
export async function unpackLastRelease(): Promise<string> {
  const directory = join(CACHE, `release-${VERSION}`);
  const main = join(directory, 'package/dist/main.js');
  const isThere = () =>
    access(main).then(
      () => true,
      () => false,
    );
  if (await isThere()) return main;
  await mkdir(CACHE, { recursive: true });
  const staging = await mkdtemp(join(CACHE, 'unpacking-'));
  await promisify(execFile)('tar', ['-xzf', PACKED, '-C', staging]);
  // The rename is atomic; of two concurrent runs one wins.
  await rename(staging, directory).catch(() => undefined);
  await rm(staging, { recursive: true, force: true });
  if (await isThere()) return main;
  throw new Error(`${PACKED} cannot be unpacked`);
}
