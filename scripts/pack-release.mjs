import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildIfStale } from './build-if-stale.mjs';

// Packs the program of this checkout for tests of later versions, which run it next to the new version on
// the same database (test/rollout). Call it for each release, after setting the version.

buildIfStale();
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const target = `test/fixtures/releases/eventline-${version}.tgz`;
const root = mkdtempSync(join(tmpdir(), 'eventline-pack-'));
try {
  const files = readdirSync('dist', { recursive: true }).filter((file) => file.endsWith('.js'));
  for (const file of ['package.json', ...files.map((name) => join('dist', name))]) {
    mkdirSync(dirname(join(root, 'package', file)), { recursive: true });
    cpSync(file, join(root, 'package', file));
  }
  const { status } = spawnSync('tar', ['-czf', target, '-C', root, 'package'], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`tar failed with exit code ${status}`);
  console.log(`${target}: ${files.length} files. Name it in test/rollout/last-release.ts.`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
