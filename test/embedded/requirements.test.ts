import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readRequirements } from '../../src/embedded/read-requirements.ts';

test('every pinned package has a version and hashes', () => {
  const { text, version } = readRequirements();
  const packages = text
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .trim()
    .split('\n');
  expect(packages).toContainEqual(expect.stringMatching(`^secantusdb==${version} `));
  for (const line of packages) {
    expect(line).toMatch(/^[\w.-]+==\S+ (; [^\\]+?)?( +--hash=sha256:[0-9a-f]{64})+$/);
  }
});

test('the npm package ships the requirements where the compiled code reads them', async () => {
  const root = join(import.meta.dirname, '../..');
  const args = ['pack', '--dry-run', '--ignore-scripts', '--json'];
  const { stdout } = await promisify(execFile)('npm', args, {
    cwd: root,
    shell: process.platform === 'win32',
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toContain('dist/embedded/read-requirements.js');
  expect(paths).toContain('dist/embedded/requirements.txt');
});
