import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { killTree } from './kill-tree.mjs';

const REPORTER = fileURLToPath(new URL('progress-reporter.mjs', import.meta.url));

/**
 * Runs a command and shows its output.
 *
 * @param signal kills the command and all the processes that it has started
 * @returns whether it ended by itself with exit code 0
 */
export async function runCommand([command, ...args], { signal, env, stdio = 'inherit' }) {
  if (signal.aborted) return false;
  const child = spawn(command, args, { stdio, env, shell: process.platform === 'win32' });
  const end = () => killTree(child.pid);
  signal.addEventListener('abort', end, { once: true });
  const [code] = await once(child, 'close');
  signal.removeEventListener('abort', end);
  return code === 0 && !signal.aborted;
}

/**
 * Runs Vitest and counts its tests.
 *
 * @param command starts Vitest; options are appended
 * @param options those of `runCommand`, and the file in which Vitest keeps its progress
 * @returns how many tests passed, which failed and why, and which were running when the signal came
 */
export async function runTests(command, { progressFile, env, ...options }) {
  rmSync(progressFile, { force: true });
  const ended = await runCommand([...command, '--reporter=default', `--reporter=${REPORTER}`], {
    ...options,
    env: { ...env, TEST_PROGRESS_FILE: progressFile },
  });
  const progress = existsSync(progressFile)
    ? JSON.parse(readFileSync(progressFile, 'utf8'))
    : { passed: 0, failed: [], running: [] };
  return { ...progress, ok: ended && progress.passed > 0 && progress.failed.length === 0 };
}

/** Describes which tests were running when a run was ended, and which had failed before. */
export function describeUnfinished({ running, failed }) {
  const files = running.map(({ file, tests }) => `  ${[file, ...tests].join('\n    > ')}`);
  const waiting = files.length > 0 ? files : ['  Vitest itself: no test file was running'];
  const failures = failed.length > 0 ? ['Failed before that:', ...failed] : [];
  return ['It was waiting for:', ...waiting, ...failures].join('\n');
}
