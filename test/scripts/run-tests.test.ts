import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
// @ts-expect-error a script of the project, without types
import { describeUnfinished, runCommand, runTests } from '../../scripts/run-tests.mjs';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { waitUntil } from '../utils/wait-until.ts';

const VITEST = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
const FIXTURE = join(import.meta.dirname, '../fixtures/never-ends');

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A controller that ends a command, at the latest with the test. */
function startLimit(): AbortController {
  const limit = new AbortController();
  onTestFinished(() => limit.abort());
  return limit;
}

test('a hanging run is ended, with what it waited for and its output so far', async () => {
  const directory = await temporaryDirectory();
  const progressFile = join(directory, 'progress.json');
  const spinningFile = join(directory, 'spinning');
  const limit = startLimit();
  const output = await open(join(directory, 'output'), 'w');
  onTestFinished(() => output.close());
  let hasEnded = false;
  const running = runTests([process.execPath, VITEST, 'run', '--root', FIXTURE], {
    env: { ...process.env, SPINNING_FILE: spinningFile },
    ...{ progressFile, signal: limit.signal, stdio: ['ignore', output.fd, output.fd] },
  }).finally(() => {
    hasEnded = true;
  });
  // Ends the run once both files hang, not after a fixed time.
  await waitUntil(async () => {
    if (hasEnded) throw new Error(await readFile(join(directory, 'output'), 'utf8'));
    const progress = await readFile(progressFile, 'utf8').catch(() => '');
    return progress.includes('what comes never') && existsSync(spinningFile);
  });
  limit.abort();
  const result = await running;
  expect(result).toMatchObject({ ok: false, passed: 1 });
  const said = describeUnfinished(result);
  expect(said).toMatch(/^It was waiting for:\n {2}(awaits|spins)\.ts/);
  expect(said).toContain('  awaits.ts\n    > what comes never');
  expect(said).toContain('  spins.ts');
  expect(said).toMatch(/^Failed before that:\nawaits\.ts > fails: expected 1 to be 2 .*$/m);
});

test('child processes of a command end with it, even in their own process group', async () => {
  const limit = startLimit();
  const file = join(await temporaryDirectory(), 'pid');
  const script = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { detached: true, stdio: 'ignore' });
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid));`;
  const ended = runCommand([process.execPath, '-e', script], {
    ...{ signal: limit.signal, env: process.env, stdio: 'ignore' },
  });
  const pidOf = async () => Number(await readFile(file, 'utf8').catch(() => '0'));
  await waitUntil(async () => (await pidOf()) > 0);
  const pid = await pidOf();
  expect(isAlive(pid)).toBe(true);
  limit.abort();
  expect(await ended).toBe(false);
  await waitUntil(() => !isAlive(pid));
});
