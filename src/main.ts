#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, Option } from 'commander';
import { CommandError } from './cli/command-error.ts';
import { type Environment, loadEnvironment } from './cli/load-environment.ts';
import { cursor, list, positiveWhole } from './cli/option-values.ts';
import { addQuarantineCommands } from './cli/quarantine-commands.ts';
import { addSetupCommands } from './cli/setup-commands.ts';
import { line, type Terminal } from './cli/terminal.ts';
import { addTrafficCommands } from './cli/traffic-commands.ts';
import { ConfigError, readConfig } from './config.ts';
import {
  DatabaseStartError,
  DirectoryInUseError,
  EmbeddedUnavailableError,
} from './embedded/errors.ts';
import { EventlineError } from './errors.ts';

const EXIT_FAILED = 1;
const EXIT_CONFIG = 2;
const EXIT_INTERRUPTED = 130;
/** How long everything may take to be settled; orchestrators often kill after 30 s. */
const STOP_MS = 25_000;

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
const stop = new AbortController();
const lastActions: (() => void)[] = [];
let environment: Environment | undefined;

const terminal: Terminal = {
  env: process.env,
  // Looked up when a question is asked, and not before: it is opened by the look.
  get in() {
    return process.stdin;
  },
  out: process.stdout,
  err: process.stderr,
  signal: stop.signal,
  config: () => readConfig(terminal.environment().values),
  environment() {
    const warn = (text: string) => line(process.stderr, text);
    environment ??= loadEnvironment('.env', process.env, warn);
    return environment;
  },
  onForcedEnd: (action) => lastActions.push(action),
  say: (command) =>
    process.env.npm_lifecycle_event ? `npm run ${command} --` : `eventline ${command}`,
};

// Each command loads what it needs when it is called: `send` does not wait for a server's parts.
const urlOption = () => new Option('--url <url>', 'where the server is (default: the one here)');

const program = new Command('eventline')
  .description('Signed webhooks in, one durable ordered line of events, live GraphQL out.')
  .version(version)
  .showHelpAfterError('(--help tells more)')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 the configuration is not right, 130 ended by a signal.\nSettings come from the environment and from .env; the README lists them.',
  );

program
  .command('serve')
  .description('run the server; without MONGODB_URI with an embedded database')
  .addHelpText('after', '\nExample:\n  PORT=8080 eventline serve')
  .action(async () => (await import('./cli/serve.ts')).serve(terminal));

addSetupCommands(program, terminal);

program
  .command('send')
  .description("post a correctly signed event: the sender's example, with ids of its own")
  .argument('<type>', 'the event type, for example message_sent')
  .option('--set <key=value>', 'a field of the payload; may be given again', list, [])
  .addOption(urlOption())
  .option('--secret <secret>', 'the webhook secret (default: the configured one)')
  .option('--json', "print the server's answer as it is")
  .option('--any-type', 'send a type that is not in the catalog too')
  .addHelpText(
    'after',
    '\nExamples:\n  eventline send message_sent\n  eventline send user_status_changed --set user_id=42A --set to_status=2',
  )
  .action(async (type, options) => (await import('./cli/send.ts')).send(terminal, type, options));

program
  .command('tail')
  .description('print events as they come in, and go on behind the last one after a loss')
  .option('--type <type>', 'only this type; may be given again', list, [])
  .option('--user <id>', 'only this user; may be given again', list, [])
  .option('--after <cursor>', 'first all that came behind this cursor', cursor)
  .addOption(urlOption())
  .option('--token <jwt>', 'the token to read with (default: one made here)')
  .option('--json', 'one JSON object a line')
  .addHelpText('after', '\nExample:\n  eventline tail --type message_sent --json | jq .payload')
  .action(async (options) => (await import('./cli/tail.ts')).tail(terminal, options));

program
  .command('token')
  .description('print a signed token for a frontend or a tool')
  .option('--user <id>', "whose events are the token's own")
  .option('--scope <scopes>', 'events:read, pii:read, events:admin; several in quotes')
  .option('--expires <span>', 'how long it holds', '1h')
  .addHelpText('after', '\nExample:\n  eventline token --user 32402404G --expires 30m')
  .action(async (options) => (await import('./cli/token.ts')).token(terminal, options));

program
  .command('operations')
  .description("print the client's own documents as a list for PERSISTED_OPERATIONS")
  .argument('[lists...]', 'other lists (JSON objects of hashes to documents) to join with it')
  .addHelpText('after', '\nExample:\n  eventline operations app.json > persisted.json')
  .action(async (lists) => (await import('./cli/operations.ts')).operations(terminal, lists));

addQuarantineCommands(program, terminal);

program
  .command('erase')
  .description(
    'erase a user: events stay at their places, those of a pseudonym that leads to nobody',
  )
  .requiredOption('--user <id>', "the sender's id of the user; - reads it from the standard input")
  .option('--dry-run', 'say how much would be erased, and change nothing')
  .option('--yes', 'do not ask; needed where there is no terminal')
  .option('--json', 'print one JSON object')
  .addHelpText(
    'after',
    '\nWorks on the database directly, beside running servers, and ends when they hold no copy any more.\nEnded half-way, run it again: it goes on. Webhooks about the user from before are not taken any more.\n\nExamples:\n  eventline erase --user 32402404G --dry-run\n  eventline erase --user - --yes < id.txt',
  )
  .action(async (options) => (await import('./cli/erase.ts')).erase(terminal, options));

addTrafficCommands(program, terminal);

program
  .command('restored')
  .description('say that the database was restored to an earlier state, before servers start on it')
  .option(
    '--skip <number>',
    'how many positions are left free: more than events were lost',
    positiveWhole,
    1_000_000_000,
  )
  .option('--yes', 'do not ask; needed where there is no terminal')
  .option('--json', 'print one JSON object')
  .addHelpText(
    'after',
    '\nEvents that came after the backup are lost, but their cursors are out there. Without this, later\nevents would get the same places, and who has such a cursor would miss them.\n\nExample:\n  eventline restored --yes',
  )
  .action(async (options) => (await import('./cli/restored.ts')).restored(terminal, options));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time at once; what was acknowledged is durable in any case.
    if (stop.signal.aborted) {
      for (const action of lastActions) action();
      process.exit(EXIT_INTERRUPTED);
    }
    stop.abort();
    setTimeout(() => {
      line(process.stderr, `eventline: not everything was settled within ${STOP_MS / 1_000} s`);
      for (const action of lastActions) action();
      process.exit(EXIT_FAILED);
    }, STOP_MS).unref();
  });
}
// A reader that goes away (`eventline tail | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  const expected = [
    CommandError,
    ConfigError,
    EventlineError,
    DirectoryInUseError,
    EmbeddedUnavailableError,
    DatabaseStartError,
  ];
  if (stop.signal.aborted && (error as Error).name === 'AbortError') {
    process.exitCode = EXIT_INTERRUPTED;
  } else if (expected.some((type) => error instanceof type)) {
    line(process.stderr, `eventline: ${(error as Error).message}`);
    process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : EXIT_FAILED;
  } else {
    line(process.stderr, `eventline: something unexpected: ${(error as Error).stack}`);
    process.exitCode = EXIT_FAILED;
  }
}
