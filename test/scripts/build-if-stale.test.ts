import { spawnSync } from 'node:child_process';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
// @ts-expect-error a script of the project, without types
import { buildState } from '../../scripts/build-if-stale.mjs';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/build-if-stale.mjs');
const BUILD = `
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/web', { recursive: true });
writeFileSync('dist/web/index.html', '');
`;

/** Creates a project with sources that are an hour old; `build` is its build script. */
async function createProject(build = BUILD) {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'src/part'), { recursive: true });
  const scripts = { build: 'node build.mjs' };
  await writeFile(join(directory, 'src/part/file.ts'), '');
  await writeFile(join(directory, 'build.mjs'), build);
  await writeFile(join(directory, 'package.json'), JSON.stringify({ type: 'module', scripts }));
  const setAge = async (path: string, ageMs: number) => {
    const time = new Date(Date.now() - ageMs);
    await utimes(join(directory, path), time, time);
  };
  for (const path of ['src/part/file.ts', 'src/part', 'src', 'package.json']) {
    await setAge(path, 3_600_000);
  }
  return {
    directory,
    setAge,
    run: () => {
      // Under npx a stale build is left unchanged, and the tests may run under npx.
      const { npm_command: _, ...env } = process.env;
      return spawnSync(process.execPath, [SCRIPT], { cwd: directory, encoding: 'utf8', env });
    },
  };
}

test('it builds once, says so on standard error, and builds again after a change', async () => {
  const { directory, run, setAge } = await createProject();
  expect(run()).toMatchObject({ status: 0, stdout: '', stderr: 'Building …\n' });
  expect(run()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  for (const path of ['src/part/file.ts', 'src/part', 'package.json']) {
    await setAge(path, -60_000);
    expect(buildState(directory), path).toBe('stale');
    await setAge(path, 3_600_000);
    expect(buildState(directory), path).toBe('current');
  }
  await setAge('package.json', -60_000);
  expect(run()).toMatchObject({ status: 0, stderr: 'Sources changed: building …\n' });
});

test('an incomplete build does not count', async () => {
  const { directory } = await createProject();
  await mkdir(join(directory, 'dist/web'), { recursive: true });
  expect(buildState(directory)).toBe('missing');
  await writeFile(join(directory, 'dist/web/index.html'), '');
  expect(buildState(directory)).toBe('current');
  await rm(join(directory, 'dist/web/index.html'));
  expect(buildState(directory)).toBe('missing');
});

test('a failed build ends the command with its exit code', async () => {
  const { run } = await createProject('process.exit(3)');
  expect(run()).toMatchObject({ status: 3, stdout: '' });
});
