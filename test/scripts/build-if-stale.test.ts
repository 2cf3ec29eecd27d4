import { spawnSync } from 'node:child_process';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
// @ts-expect-error a script of the project, without types
import { buildStates } from '../../scripts/build-if-stale.mjs';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/build-if-stale.mjs');
/** Writes the last file of a part. */
const BUILD = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
const [file] = process.argv.slice(2);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, '');
`;
const SOURCES = [
  ...['src/part/file.ts', 'src/client/file.ts', 'web/page/file.ts', 'package.json'],
  'packages/client/package.json',
];
const SERVER = 'The server has changed: building it …\n';
const PAGE = 'The live page has changed: building it …\n';
const CLIENT = 'The client package has changed: building it …\n';

/** Creates a project with sources that are an hour old; `build` is its build script. */
async function createProject(build = BUILD) {
  const directory = await temporaryDirectory();
  const scripts = {
    'build:server': 'node build.mjs dist/embedded/requirements.txt',
    'build:web': 'node build.mjs dist/web/index.html',
    'build:client': 'node build.mjs packages/client/dist/esm/create-events-client.d.ts',
  };
  await writeFile(join(directory, 'build.mjs'), build);
  const setAge = async (path: string, ageMs: number) => {
    const time = new Date(Date.now() - ageMs);
    await utimes(join(directory, path), time, time);
  };
  for (const path of SOURCES) {
    await mkdir(join(directory, dirname(path)), { recursive: true });
    const text = path === 'package.json' ? JSON.stringify({ type: 'module', scripts }) : '';
    await writeFile(join(directory, path), text);
  }
  const folders = ['src/part', 'src/client', 'src', 'web/page', 'web'];
  for (const path of [...SOURCES, ...folders]) await setAge(path, 3_600_000);
  return {
    directory,
    setAge,
    states: () => buildStates(directory).map(({ state }: { state: string }) => state),
    run: () => {
      // Under npx a stale build is left unchanged, and the tests may run under npx.
      const { npm_command: _, ...env } = process.env;
      return spawnSync(process.execPath, [SCRIPT], { cwd: directory, encoding: 'utf8', env });
    },
  };
}

test('it builds once, says so on standard error, and builds only what has changed', async () => {
  const { run, setAge, states } = await createProject();
  expect(run()).toMatchObject({
    ...{ status: 0, stdout: '' },
    stderr: ['The server', 'The live page', 'The client package']
      .map((part) => `${part} is not built yet: building it …\n`)
      .join(''),
  });
  expect(run()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  for (const [path, ...expected] of [
    ['src/part/file.ts', 'stale', 'current', 'current'],
    ['src/part', 'stale', 'current', 'current'],
    ['web/page/file.ts', 'current', 'stale', 'current'],
    ['src/client/file.ts', 'stale', 'stale', 'stale'],
    ['packages/client/package.json', 'current', 'current', 'stale'],
    ['package.json', 'stale', 'stale', 'stale'],
  ] as const) {
    await setAge(path, -60_000);
    expect(states(), path).toEqual(expected);
    await setAge(path, 3_600_000);
    expect(states(), path).toEqual(['current', 'current', 'current']);
  }
  for (const [path, said] of [
    ['src/part/file.ts', SERVER],
    ['web/page/file.ts', PAGE],
    ['package.json', SERVER + PAGE + CLIENT],
  ] as const) {
    await setAge(path, -60_000);
    expect(run()).toMatchObject({ status: 0, stdout: '', stderr: said });
    await setAge(path, 3_600_000);
  }
});

test('an incomplete build does not count', async () => {
  const { directory, states } = await createProject();
  await mkdir(join(directory, 'dist/web'), { recursive: true });
  expect(states()).toEqual(['missing', 'missing', 'missing']);
  await writeFile(join(directory, 'dist/web/index.html'), '');
  expect(states()).toEqual(['missing', 'current', 'missing']);
  await rm(join(directory, 'dist/web/index.html'));
  expect(states()).toEqual(['missing', 'missing', 'missing']);
});

test('a failed build ends the command with its exit code', async () => {
  const { run } = await createProject('process.exit(3)');
  expect(run()).toMatchObject({ status: 3, stdout: '' });
});
