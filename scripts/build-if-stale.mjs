import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PACKAGES = ['package.json', 'package-lock.json'];

/**
 * The parts of a build. `result` is the file that a part writes last, so that an interrupted build
 * counts as none.
 */
const PARTS = [
  {
    name: 'the server',
    script: 'build:server',
    sources: ['src', 'tsconfig.json', 'tsconfig.build.json', ...PACKAGES],
    result: 'dist/embedded/requirements.txt',
  },
  {
    name: 'the live page',
    script: 'build:web',
    sources: ['web', 'src/client', ...PACKAGES],
    result: 'dist/web/index.html',
  },
  {
    name: 'the client package',
    script: 'build:client',
    // Not the folder, which holds the result.
    sources: [
      ...['package.json', 'tsconfig.json', 'vite.config.ts'].map(
        (file) => `packages/client/${file}`,
      ),
      ...['src/client', 'tsconfig.json', ...PACKAGES],
    ],
    result: 'packages/client/dist/esm/create-events-client.d.ts',
  },
];

/**
 * Compares the last complete build of each part with its sources.
 *
 * @param {string} [directory] the top of the project
 * @returns {{ name: string, script: string, state: 'missing' | 'stale' | 'current' }[]}
 */
export function buildStates(directory = '.') {
  return PARTS.map(({ name, script, sources, result }) => {
    const builtMs = newestMs(join(directory, result));
    const changedMs = Math.max(...sources.map((path) => newestMs(join(directory, path))));
    const state = builtMs === 0 ? 'missing' : changedMs > builtMs ? 'stale' : 'current';
    return { name, script, state };
  });
}

/** The latest time of modification below a path; a folder's own time shows a removed file. */
function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** Builds the parts whose last build is older than a source file, and says so. */
export function buildIfStale() {
  for (const { name, script, state } of buildStates()) {
    if (state === 'current') continue;
    // `npx eventline` links the checkout and runs `prepare`; if that is interrupted, npx stays broken.
    if (state === 'stale' && process.env.npm_command === 'exec') continue;
    const why = state === 'missing' ? 'is not built yet' : 'has changed';
    process.stderr.write(`${name} ${why}: building it …\n`.replace(/^t/, 'T'));
    const { status } = spawnSync('npm', ['run', '--silent', script], {
      // Standard output belongs to the program that is started afterwards.
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) buildIfStale();
