import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Ask, createAsk } from './calls.ts';

const PROBE = join(import.meta.dirname, 'probe.js');
/** Longer than a server takes to end what it has begun. */
const END_MS = 30_000;

export interface ProcessOptions {
  /** The file and its arguments. */
  command: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Writes a CPU profile into this directory at the end. */
  profileDirectory?: string | undefined;
  /** Working directory. */
  cwd?: string;
}

export interface RunningProcess {
  readonly child: ChildProcess;
  readonly ask: Ask;
  /** The URL of the first line that it prints with one. */
  url(): Promise<string>;
  /** SIGTERM, after 30 s SIGKILL; resolves when it is gone. */
  close(): Promise<void>;
}

const running = new Set<ChildProcess>();
// Whatever way the bench ends: nothing that it started stays.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a Node process that can be asked (`probe.ts`); its errors go to standard error. */
export function startProcess(options: ProcessOptions): RunningProcess {
  const { command, env = {}, profileDirectory, cwd } = options;
  const flags = ['--expose-gc', '--import', PROBE];
  if (profileDirectory) flags.push('--cpu-prof', `--cpu-prof-dir=${profileDirectory}`);
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [...flags, ...command], {
    ...(cwd !== undefined && { cwd }),
    env: { PATH, HOME, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C in a terminal is for the bench, which ends it in turn.
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
      const look = () => {
        const found = /http:\/\/[\d.]+:\d+/.exec(printed)?.[0];
        if (found) resolve(found);
        return found;
      };
      if (look()) return;
      child.stdout?.on('data', look);
      child.once('exit', () => reject(new Error(`it did not start:\n${printed}`)));
    });
  }

  async function close(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await exit;
    clearTimeout(late);
  }

  return { child, ask: createAsk(child), url, close };
}
