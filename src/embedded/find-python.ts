import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOnPath } from './find-on-path.ts';

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 20_000;

/** SecantusDB needs Python 3.10; its pinned version has no wheel for 3.14. */
const OLDEST_MINOR = 10;
const NEWEST_MINOR = 13;

/** The newest supported Python, for messages. */
export const NEWEST_PYTHON = `3.${NEWEST_MINOR}`;

export interface Python {
  /** The interpreter itself, not a launcher or a shim. */
  executable: string;
  /** For example "3.12.1". */
  version: string;
  /** Identifies which wheels fit, for example "cp312-linux-x86_64". */
  tag: string;
}

const PROBE = `
import json, sys, sysconfig
print(json.dumps({
  "executable": sys.executable,
  "version": ".".join(map(str, sys.version_info[:3])),
  "implementation": sys.implementation.name,
  "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
  "platform": sysconfig.get_platform(),
}))`;

/**
 * Finds a CPython on the PATH for which SecantusDB has wheels.
 *
 * @returns the first that fits, or a sentence that says what was found instead.
 */
export async function findPython(env: NodeJS.ProcessEnv): Promise<Python | string> {
  const seen: string[] = [];
  for (const [name, ...args] of candidates()) {
    const path = await findOnPath(name, env);
    if (path === undefined) continue;
    const probed = await probe(path, args, env);
    if (typeof probed !== 'string') return probed;
    if (probed !== '') seen.push(`${name} is ${probed}`);
  }
  if (seen.length === 0) return 'there is no Python on the PATH';
  return `there is no Python 3.${OLDEST_MINOR} to ${NEWEST_PYTHON} on the PATH (${seen.join('; ')})`;
}

function candidates(): [string, ...string[]][] {
  const names: [string, ...string[]][] = [['python3'], ['python']];
  for (let minor = NEWEST_MINOR; minor >= OLDEST_MINOR; minor -= 1)
    names.push([`python3.${minor}`]);
  if (process.platform === 'win32') names.push(['py', '-3']);
  return names;
}

/** Returns the Python at `path`, else what is wrong with it, or '' if it does not run. */
async function probe(
  path: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<Python | string> {
  let found: Record<string, unknown>;
  try {
    const { stdout } = await run(path, [...args, '-c', PROBE], { env, timeout: PROBE_TIMEOUT_MS });
    found = JSON.parse(stdout) as Record<string, unknown>;
  } catch {
    // A version manager's shim, the Windows Store's placeholder, or Python 2 without these modules.
    return await versionOf(path, args, env);
  }
  const { executable, version, implementation, freeThreaded, platform } = found;
  if (typeof executable !== 'string' || typeof version !== 'string') return '';
  if (implementation !== 'cpython') return `${String(implementation)} ${version}`;
  if (freeThreaded === true) return `Python ${version}, free-threaded`;
  const [major, minor] = version.split('.').map(Number);
  const fits = major === 3 && minor !== undefined && minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
  if (!fits) return `Python ${version}`;
  return { executable, version, tag: `cp3${minor}-${String(platform)}` };
}

async function versionOf(path: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await run(path, [...args, '--version'], { env, timeout: PROBE_TIMEOUT_MS });
    return stdout.trim();
  } catch {
    return '';
  }
}
