import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { mongo } from 'mongoose';
import { onTestFinished } from 'vitest';
import { findPython } from '../../src/embedded/find-python.ts';
import { type EmbeddedOptions, startEmbedded } from '../../src/embedded/start-embedded.ts';

/** Creates an empty directory that is removed after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'eventline-embedded-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes an executable shell script with this body. */
export async function writeProgram(path: string, body: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

/** Returns an environment whose PATH holds these programs only (name → body of a shell script). */
export async function environmentWith(
  programs: Record<string, string>,
  more: NodeJS.ProcessEnv = {},
): Promise<NodeJS.ProcessEnv> {
  const bin = await temporaryDirectory();
  for (const [name, body] of Object.entries(programs)) await writeProgram(join(bin, name), body);
  return { ...process.env, PATH: bin, ...more };
}

/** Returns the body of a `python3` script that runs this machine's Python. */
export async function realPython(): Promise<string> {
  const python = await findPython(process.env);
  if (typeof python === 'string') throw new Error(`these tests need Python: ${python}`);
  return `exec ${python.executable} "$@"`;
}

/** Collects lines, and lets a test wait for the first one that matches. */
export function lineQueue() {
  const lines: string[] = [];
  const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  return {
    lines,
    push(line: string) {
      lines.push(line);
      for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line);
    },
    seen(pattern: RegExp): Promise<string> {
      const line = lines.find((candidate) => pattern.test(candidate));
      if (line !== undefined) return Promise.resolve(line);
      return new Promise((resolve) => waiting.push({ pattern, resolve }));
    },
  };
}

/** The compiled code, for tests that need it in processes of their own: Node 20 runs no TypeScript. */
const COMPILED = resolve('dist/embedded');

/**
 * Starts a process that runs `source` as a module beside the compiled code, with its output by
 * lines.
 */
export function startProcess(source: string, env = process.env) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    cwd: COMPILED,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output = lineQueue();
  const closed = once(createInterface(child.stdout).on('line', output.push), 'close');
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    child,
    output,
    /** Resolves when the process has exited and all of its output is read. */
    ended: Promise.all([exited, closed]),
  };
}

/**
 * Starts a database with the real Python unless `env` says otherwise; it is closed after the test.
 */
export async function start(dataDir: string, options: Partial<EmbeddedOptions> = {}) {
  const env = options.env ?? (await environmentWith({ python3: await realPython() }));
  const database = await startEmbedded({ dataDir, ...options, env });
  onTestFinished(() => database.close());
  return database;
}

/** Connects a client that is closed after the test. */
export function connect(uri: string): mongo.MongoClient {
  const client = new mongo.MongoClient(uri);
  onTestFinished(() => client.close());
  return client;
}
