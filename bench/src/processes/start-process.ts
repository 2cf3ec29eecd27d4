import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Caller, createCaller } from './remote-calls.ts';

const PROBE = join(import.meta.dirname, 'probe.js');
/** Longer than a graceful shutdown takes. */
const KILL_AFTER_MS = 30_000;

export interface ProcessOptions {
  /** The script and its arguments. */
  command: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** The directory for a CPU profile, which is written at the exit. */
  profileDirectory?: string | undefined;
  /** Working directory. */
  cwd?: string;
}

export interface RunningProcess {
  readonly child: ChildProcess;
  readonly call: Caller;
  /** Resolves with the first URL that the process prints. */
  url(): Promise<string>;
  /** Sends SIGTERM, and SIGKILL after 30 s; resolves when the process has exited. */
  close(): Promise<void>;
}

const running = new Set<ChildProcess>();
// However the bench ends, none of its processes may keep running.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a Node process with the probe (`probe.ts`). */
export function startProcess(options: ProcessOptions): RunningProcess {
  const { command, env = {}, profileDirectory, cwd } = options;
  const flags = ['--expose-gc', '--import', PROBE];
  if (profileDirectory) flags.push('--cpu-prof', `--cpu-prof-dir=${profileDirectory}`);
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [...flags, ...command], {
    ...(cwd !== undefined && { cwd }),
    env: { PATH, HOME, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: Ctrl-C reaches only the bench, which stops its processes.
    detached: true,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed = `${printed}${text}`.slice(-4_000);
    });
  }

  function url(): Promise<string> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = /http:\/\/[\d.]+:\d+/.exec(printed)?.[0];
        if (found) resolve(found);
        return found;
      };
      if (check()) return;
      child.stdout?.on('data', check);
      child.once('exit', () => reject(new Error(`the process did not start:\n${printed}`)));
    });
  }

  async function close(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await exit;
    clearTimeout(killTimer);
  }

  return { child, call: createCaller(child), url, close };
}
