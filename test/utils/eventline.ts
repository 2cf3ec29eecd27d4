import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sign } from '../../src/webhook/sign.ts';
import { postAsSender } from './post-as-sender.ts';

/** The built program. */
export const MAIN = join(import.meta.dirname, '../../dist/main.js');

export interface RunOptions {
  /** The working directory, with DATA_DIR and .env. */
  cwd: string;
  env?: Record<string, string>;
  /** Program of another build. */
  main?: string;
  /** The most files that it may open. */
  maxFiles?: number;
}

/** A minimal environment, so that this machine's does not affect the command. */
function bareEnvironment(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  return { PATH, HOME, ...(XDG_CACHE_HOME && { XDG_CACHE_HOME }), ...env };
}

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts a command of the built program; `finished` has its complete output. */
export function startEventline(args: string[], { cwd, env, main = MAIN, maxFiles }: RunOptions) {
  const program = [process.execPath, main, ...args];
  const limited = ['sh', '-c', `ulimit -n ${maxFiles} && exec "$0" "$@"`, ...program];
  const [command = '', ...rest] = maxFiles === undefined ? program : limited;
  const child = spawn(command, rest, {
    cwd,
    env: bareEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const finished: Promise<Finished> = once(child, 'close').then(([code, signal]) => ({
    code,
    signal,
    stdout,
    stderr,
  }));
  return { child, finished };
}

/** Runs a command to its end. */
export function runEventline(args: string[], options: RunOptions): Promise<Finished> {
  return startEventline(args, options).finished;
}

/** Resolves to the first matching line of a stream; rejects if the process ends first. */
export async function lineOf(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
  pattern: RegExp,
): Promise<string> {
  const input = child[stream];
  if (!input) throw new Error(`no ${stream}`);
  for await (const line of createInterface({ input })) if (pattern.test(line)) return line;
  throw new Error(`the process ended before it said ${pattern}`);
}

export interface Posted {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface ServerProcess {
  url: string;
  pid: number;
  /** The process id of its embedded database. */
  databasePid(): Promise<number>;
  finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): Promise<Finished>;
  /** Posts a signed delivery like a sender: again after a 503 or without an answer. */
  post(body: string): Promise<Posted>;
  /** Posts it once; undefined without an answer. */
  postOnce(body: string): Promise<Posted | undefined>;
  /** Runs a GraphQL query with a token that sees everything. */
  query(query: string, variables?: object): Promise<Record<string, never>>;
  /** The server's development token with all scopes. */
  token(): Promise<string>;
}

/** Starts `eventline serve` on the embedded database, and waits until it is running. */
export async function startServerProcess({ env, ...options }: RunOptions): Promise<ServerProcess> {
  const { cwd } = options;
  const { child, finished } = startEventline(['serve'], {
    ...options,
    env: { PORT: '0', ...env },
  });
  const said = await Promise.race([
    lineOf(child, 'stdout', /GraphQL +http/),
    finished.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  const url = /http:\/\/[\d.:]+/.exec(said)?.[0] ?? '';
  const read = async (file: string) =>
    JSON.parse(await readFile(join(cwd, '.eventline', file), 'utf8'));
  const { webhookSecret, token } = await read('development.json');

  async function postOnce(body: string): Promise<Posted | undefined> {
    try {
      const response = await fetch(`${url}/webhooks/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Signature': sign(body, webhookSecret) },
        body,
      });
      const { status, headers } = response;
      return { status, headers, body: (await response.json()) as Posted['body'] };
    } catch {
      return undefined;
    }
  }

  return {
    url,
    pid: child.pid ?? 0,
    databasePid: async () => (await read('database.json')).pid,
    finished,
    kill(signal) {
      child.kill(signal);
      return finished;
    },
    post: (body) => postAsSender(() => postOnce(body)),
    postOnce,
    async query(query, variables = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    },
    token: async () => token,
  };
}
