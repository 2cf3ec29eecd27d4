import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const SOURCES = [
  'src',
  'web',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
/** The file that a build writes last, so that an interrupted build counts as none. */
const RESULT = 'dist/web/index.html';

/**
 * Compares the last complete build with its sources.
 *
 * @param {string} [directory] the top of the project
 * @returns {'missing' | 'stale' | 'current'}
 */
export function buildState(directory = '.') {
  const builtMs = newestMs(join(directory, RESULT));
  if (builtMs === 0) return 'missing';
  const changedMs = Math.max(...SOURCES.map((path) => newestMs(join(directory, path))));
  return changedMs > builtMs ? 'stale' : 'current';
}

/** The latest time of modification below a path; a folder's own time shows a removed file. */
function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** Runs `npm run build` and says so, unless the last build is newer than every source file. */
export function buildIfStale() {
  const state = buildState();
  if (state === 'current') return;
  // `npx eventline` links the checkout and runs `prepare`; if that is interrupted, npx stays broken.
  if (state === 'stale' && process.env.npm_command === 'exec') return;
  process.stderr.write(state === 'missing' ? 'Building …\n' : 'Sources changed: building …\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    // Standard output belongs to the program that is started afterwards.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) buildIfStale();
