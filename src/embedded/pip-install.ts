import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Python } from './find-python.ts';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const VENV_TIMEOUT_MS = 2 * 60_000;

export interface PipOptions {
  python: Python;
  env: NodeJS.ProcessEnv;
  /** A requirements file with a hash for every package. */
  requirements: string;
  /** The folder to fill. */
  target: string;
  /** A folder for temporary files. */
  work: string;
}

/**
 * Installs wheels into a folder with the pip of `python`, or, if it has none, with the pip of a
 * virtual environment.
 *
 * @throws Error with the end of the output of the failed program.
 */
export async function pipInstall(options: PipOptions): Promise<void> {
  const { python, requirements, target } = options;
  const env = { ...options.env, ...PIP_ENVIRONMENT };
  const pip = (await hasPip(python.executable, env))
    ? python.executable
    : await venvPython(options, env);
  const args = [
    ...['-m', 'pip', 'install', '--require-hashes', '--only-binary', ':all:', '--no-deps'],
    // Python compiles modules on first import, which is far less than all of them.
    ...['--no-compile', '--no-warn-script-location', '--target', target, '-r', requirements],
  ];
  try {
    await run(pip, args, { env, timeout: INSTALL_TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new Error(`pip of Python ${python.version} failed: ${endOfOutput(error)}`);
  }
}

/** The user's pip settings must not change the index or ask questions. */
const PIP_ENVIRONMENT = {
  PIP_USER: '0',
  PIP_REQUIRE_VIRTUALENV: '0',
  PIP_NO_INPUT: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_ROOT_USER_ACTION: 'ignore',
};

async function hasPip(executable: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return run(executable, ['-m', 'pip', '--version'], { env, timeout: VENV_TIMEOUT_MS }).then(
    () => true,
    () => false,
  );
}

async function venvPython(options: PipOptions, env: NodeJS.ProcessEnv): Promise<string> {
  const { python, work } = options;
  const folder = join(work, 'venv');
  try {
    await run(python.executable, ['-m', 'venv', folder], { env, timeout: VENV_TIMEOUT_MS });
  } catch (error) {
    throw new Error(
      `Python ${python.version} (${python.executable}) has neither pip nor a working venv, ` +
        `which on Debian are the packages python3-pip and python3-venv: ${endOfOutput(error)}`,
    );
  }
  return process.platform === 'win32'
    ? join(folder, 'Scripts', 'python.exe')
    : join(folder, 'bin', 'python');
}

/** Returns the last lines of a failed program's output, at most 10. */
function endOfOutput(error: unknown): string {
  const {
    stderr = '',
    stdout = '',
    message,
  } = error as Error & {
    stderr?: string;
    stdout?: string;
  };
  const outputLines = (stderr.trim() || stdout.trim() || message).split('\n');
  return outputLines.slice(-10).join('\n');
}
