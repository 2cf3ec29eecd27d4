import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Findings } from './findings.ts';
import { residentBytes } from './resident-bytes.ts';
import type { Run } from './run-directory.ts';
import { environmentOf, type ServerSettings, untilReady, urlOf } from './server-start.ts';

const MAIN = resolve('dist/main.js');
/**
 * A server that cannot start because the database is unavailable is restarted, like in a cluster.
 */
const RESTART_PAUSE_MS = 500;
/** Longer than a server may take to answer pending requests. */
const TERM_LIMIT_MS = 40_000;

/** `eventline serve` as a process that faults can be applied to. */
export interface ServerProcess {
  readonly name: string;
  /** `http://127.0.0.1:port`; the same after restarts. */
  readonly url: string;
  /** Number of failed starts that were retried. */
  failedStarts(): number;
  residentBytes(): Promise<number | undefined>;
  /** Undefined before the start. */
  pid(): number | undefined;
  /** Sends SIGKILL; resolves when the process has exited. */
  kill(): Promise<void>;
  /** Sends SIGTERM; resolves to the time until the exit, in milliseconds. */
  terminate(): Promise<number>;
  /** SIGSTOP. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Starts it on the same port, retries failures, and resolves when it is ready. */
  start(): Promise<void>;
}

/** Starts a server on a free port and waits until it is ready; it ends with the run. */
export async function startServerProcess(
  run: Run,
  settings: ServerSettings,
  findings: Findings,
): Promise<ServerProcess> {
  const { name } = settings;
  const log = openSync(join(run.directory, `${name}.log`), 'a');
  let child: ChildProcess | undefined;
  let url = '';
  let isExpectedToEnd = false;
  let failedStarts = 0;

  /** Returns false if it exited before it was ready. */
  async function startOnce(): Promise<boolean> {
    isExpectedToEnd = false;
    let isReady = false;
    const started = spawn(process.execPath, [MAIN, 'serve'], {
      cwd: run.directory,
      env: environmentOf(settings, join(run.directory, name), url),
      stdio: ['ignore', 'pipe', log],
      // Its own process group: Ctrl-C in a terminal reaches only the harness, which ends the
      // server.
      detached: true,
    });
    child = started;
    const ended = new Promise<false>((resolveEnd) => {
      started.once('exit', (code, signal) => {
        if (isReady && !isExpectedToEnd) {
          findings.add('wrong', `${name} ended by itself: ${signal ?? `exit code ${code}`}`);
          void start();
        }
        resolveEnd(false);
      });
    });
    const said = urlOf(started);
    const found = await Promise.race([said, ended]);
    if (!found) return false;
    url = found;
    isReady = await Promise.race([untilReady(url, () => isAlive(started)), ended]);
    return isReady;
  }

  async function start(): Promise<void> {
    while (!run.signal.aborted && !(await startOnce())) {
      if (isExpectedToEnd) return;
      failedStarts += 1;
      await delay(RESTART_PAUSE_MS);
    }
  }

  const signal = (name: NodeJS.Signals) => {
    if (child && isAlive(child)) child.kill(name);
  };
  async function endBy(name: NodeJS.Signals) {
    isExpectedToEnd = true;
    const ending = child;
    if (!ending || !isAlive(ending)) return undefined;
    const exit = once(ending, 'exit');
    ending.kill(name);
    return (await exit) as [number | null, NodeJS.Signals | null];
  }

  run.onEnd(() => endBy('SIGKILL'));
  run.onExit(() => signal('SIGKILL'));
  await start();
  return {
    name,
    get url() {
      return url;
    },
    failedStarts: () => failedStarts,
    residentBytes: async () => (child?.pid ? residentBytes(child.pid) : undefined),
    pid: () => child?.pid,
    async kill() {
      await endBy('SIGKILL');
    },
    async terminate() {
      const startedMs = performance.now();
      const late = setTimeout(() => signal('SIGKILL'), TERM_LIMIT_MS);
      const ended = await endBy('SIGTERM');
      clearTimeout(late);
      const tookMs = performance.now() - startedMs;
      if (ended && ended[0] !== 0) {
        const how = ended[1] ?? `exit code ${ended[0]}`;
        findings.add('wrong', `${name} ended with ${how} ${Math.round(tookMs)} ms after SIGTERM`);
      }
      return tookMs;
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    start,
  };
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
