import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installSecantusdb } from '../../src/embedded/install-secantusdb.ts';
import { startEmbedded } from '../../src/embedded/start-embedded.ts';
import { environmentWith, realPython, temporaryDirectory, writeProgram } from './setup.ts';

/** Shell cases of a `python` that imitates pip, for `installSecantusdb` only. */
const PIP_WORKS =
  'for last in "$@"; do [ "$before" = --target ] && target=$last; before=$last; done';
const FAKE_PIP = `
case "$*" in
  *"pip --version"*) exit 0;;
  *"pip install"*) ${PIP_WORKS}; mkdir -p "$target/secantus"; exit 0;;
esac
exit 1`;

async function fakeInstall(body: string) {
  const cache = await temporaryDirectory();
  const bin = await temporaryDirectory();
  const executable = await writeProgram(join(bin, 'python'), body);
  const lines: string[] = [];
  const install = () =>
    installSecantusdb({
      python: { executable, version: '3.12.0', tag: 'cp312-test' },
      env: { ...process.env, XDG_CACHE_HOME: cache },
      progress: (line) => lines.push(line),
    });
  return { folder: join(cache, 'eventline'), bin, lines, install };
}

describe('installSecantusdb', () => {
  it('installs the pinned packages once into an empty cache, and the result starts', async () => {
    const cache = await temporaryDirectory();
    const dataDir = await temporaryDirectory();
    const env = await environmentWith({ python3: await realPython() }, { XDG_CACHE_HOME: cache });
    const lines: string[] = [];
    const progress = (line: string) => lines.push(line);
    const first = await startEmbedded({ dataDir, env, progress });
    await first.close();
    expect(first.kind).toBe('secantusdb');
    expect(lines).toEqual([
      expect.stringMatching(
        /^Installing SecantusDB 0\.7\.0b3 \(once, about 10 s\) into \/.*-cp3\d+-/,
      ),
      expect.stringMatching(/^Installed in \d+ s$/),
    ]);
    const second = await startEmbedded({ dataDir, env, progress });
    await second.close();
    expect(lines).toHaveLength(2);
    expect(await readdir(join(cache, 'eventline'))).toHaveLength(1);
  });

  it('supports concurrent installations, and leaves one directory', async () => {
    const { folder, install } = await fakeInstall(FAKE_PIP);
    const folders = await Promise.all([install(), install(), install()]);
    expect(new Set(folders).size).toBe(1);
    expect(await readdir(folder)).toHaveLength(1);
    expect((await readdir(folders[0] as string)).sort()).toEqual([
      '.eventline-complete',
      'secantus',
    ]);
  });

  it('repairs an incomplete directory, and removes what a killed process left', async () => {
    const { folder, install, lines } = await fakeInstall(FAKE_PIP);
    const expected = await install();
    const dead = spawnSync('/bin/sh', ['-c', 'exit 0']).pid;
    await rm(join(expected, '.eventline-complete'));
    await writeFile(join(expected, 'half'), '');
    await mkdir(`${expected}.tmp-${dead}-x`);
    expect(await install()).toBe(expected);
    expect(lines).toHaveLength(4);
    expect(await readdir(folder)).toHaveLength(1);
    expect((await readdir(expected)).sort()).toEqual(['.eventline-complete', 'secantus']);
  });

  it("reports pip's output when it fails, and leaves nothing incomplete", async () => {
    const { folder, install } = await fakeInstall(
      'case "$*" in *--version*) exit 0;; esac; echo "ERROR: no network" >&2; exit 1',
    );
    await expect(install()).rejects.toThrow(/pip of Python 3\.12\.0 failed: ERROR: no network/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('uses the pip of a virtual environment if Python has none', async () => {
    const { bin, install } = await fakeInstall(`
case "$*" in
  "-m venv "*) mkdir -p "$3/bin"; cp "$(dirname "$0")/in-venv" "$3/bin/python"; exit 0;;
esac
exit 1`);
    await writeProgram(join(bin, 'in-venv'), FAKE_PIP);
    expect(await readdir(await install())).toContain('secantus');
  });

  it('says what to install when neither pip nor venv exists', async () => {
    const { folder, install } = await fakeInstall('echo "ensurepip is not available" >&2; exit 1');
    await expect(install()).rejects.toThrow(/neither pip nor a working venv.*ensurepip is not/s);
    expect(await readdir(folder)).toEqual([]);
  });
});
