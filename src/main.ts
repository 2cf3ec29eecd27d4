#!/usr/bin/env node
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { createColors } from 'picocolors';
import { CommandError } from './cli/command-error.ts';
import { createProgram } from './cli/create-program.ts';
import { describeInvocation } from './cli/invocation.ts';
import { type Environment, loadEnvironment } from './cli/load-environment.ts';
import { line, printableLines, type Terminal } from './cli/terminal.ts';
import { supportsColours } from './cli/wants-colours.ts';
import { type Config, ConfigError, readConfig } from './config/config.ts';
import {
  DatabaseStartError,
  DirectoryInUseError,
  DirectoryOwnerError,
  EmbeddedUnavailableError,
} from './embedded/errors.ts';
import { EventlineError } from './errors.ts';

const EXIT_FAILED = 1;
const EXIT_CONFIG = 2;
const EXIT_INTERRUPTED = 130;
/** Time limit for a graceful shutdown; orchestrators often kill after 30 s. */
const STOP_MS = 25_000;
/** How long remaining timers, such as an exporter's retry, may delay the exit. */
const LINGER_MS = 1_000;

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
/** A server without a terminal writes JSON lines only, for log collectors. */
const writesJson = process.argv[2] === 'serve' && !process.stderr.isTTY;
const stop = new AbortController();
const lastActions: (() => void)[] = [];
let environment: Environment | undefined;
let config: Config | undefined;

const terminal: Terminal = {
  env: process.env,
  // A getter, since reading `process.stdin` opens it.
  get in() {
    return process.stdin;
  },
  out: process.stdout,
  err: process.stderr,
  signal: stop.signal,
  config() {
    // Read once: a file with a secret may be a pipe.
    config ??= readConfig(terminal.environment().values);
    return config;
  },
  environment() {
    const warn = (text: string) => tell('warn', text);
    environment ??= loadEnvironment('.env', process.env, warn);
    return environment;
  },
  onForcedEnd: (action) => lastActions.push(action),
  say: (command) => describeInvocation(command, process.env, process.argv[1]),
};

/** Writes a message to standard error, in the format of the log where that is JSON. */
function tell(level: 'warn' | 'fatal', msg: string): void {
  const { pid } = process;
  const entry = { level, time: new Date().toISOString(), pid, hostname: hostname(), msg };
  line(process.stderr, writesJson ? JSON.stringify(entry) : msg);
}

function exitAtOnce(code: number): never {
  for (const action of lastActions) action();
  process.exit(code);
}

function end(): void {
  if (stop.signal.aborted) return;
  stop.abort();
  setTimeout(() => {
    tell('fatal', `eventline: not everything was settled within ${STOP_MS / 1_000} s`);
    exitAtOnce(EXIT_FAILED);
  }, STOP_MS).unref();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second signal exits at once; acknowledged events are durable in any case.
    if (stop.signal.aborted) exitAtOnce(EXIT_INTERRUPTED);
    end();
  });
}
// A closed pipe (`eventline tail | head`) is not an error; a full disk is. In both cases the
// embedded database is stopped as after Ctrl-C.
let isOutputLost = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE' && !isOutputLost) {
      isOutputLost = true;
      const what = stream === process.stdout ? 'The result' : 'A message';
      tell(
        'fatal',
        `eventline: ${what} cannot be written (${message}). Make room, and run it again.`,
      );
    }
    if (lastActions.length === 0) process.exit(isOutputLost ? EXIT_FAILED : 0);
    end();
  });
}

process.on('exit', (code) => {
  if (isOutputLost && code === 0) process.exitCode = EXIT_FAILED;
});
try {
  await createProgram(terminal, version).parseAsync();
  // Applies where only other handles keep the process alive.
  if (stop.signal.aborted) setTimeout(() => process.exit(), LINGER_MS).unref();
} catch (error) {
  const isColoured = !writesJson && supportsColours(process.env, process.stderr);
  const name = createColors(isColoured).red('eventline:');
  const expected = [
    CommandError,
    ConfigError,
    EventlineError,
    DirectoryInUseError,
    DirectoryOwnerError,
    EmbeddedUnavailableError,
    DatabaseStartError,
  ];
  if (stop.signal.aborted && (error as Error).name === 'AbortError') {
    process.exitCode = isOutputLost ? EXIT_FAILED : EXIT_INTERRUPTED;
  } else if (expected.some((type) => error instanceof type)) {
    tell('fatal', `${name} ${printableLines((error as Error).message)}`);
    process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED;
  } else {
    tell('fatal', `${name} something unexpected: ${(error as Error).stack}`);
    process.exitCode = EXIT_FAILED;
  }
}
