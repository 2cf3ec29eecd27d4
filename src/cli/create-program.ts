import { Command } from 'commander';
import { addQuarantineCommands } from './commands/quarantine/index.ts';
import { addSetupCommands } from './commands/setup-commands.ts';
import { addTrafficCommands } from './commands/traffic-commands.ts';
import { cursor, list, positiveWhole } from './option-values.ts';
import { secretOption, tokenOption, urlOption } from './shared-options.ts';
import type { Terminal } from './terminal.ts';

/**
 * Creates the command line. Each command loads its code when it is called, so `send` starts fast.
 */
export function createProgram(terminal: Terminal, version: string): Command {
  const program = new Command('eventline')
    .description(
      'Signed webhooks in, one durable ordered log of events in MongoDB, live GraphQL out.',
    )
    .version(version)
    .showHelpAfterError('(run with --help for details)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed or wrong arguments, 2 invalid configuration, 130 interrupted by a signal.\nAfter Ctrl-C, serve, tail, listen, and simulate without --duration exit with 0.\nSettings come from the environment and from .env; docs/reference/configuration.md lists them.',
    );

  program
    .command('serve')
    .description('run the server; without MONGODB_URI, on an embedded database')
    .addHelpText('after', '\nExample:\n  PORT=8080 eventline serve')
    .action(async () => (await import('./commands/serve.ts')).serve(terminal, version));

  addSetupCommands(program, terminal);

  program
    .command('send')
    .description('post a signed example event of a type, with new ids')
    .argument('<type>', 'the event type, for example message_sent')
    .option('--set <key=value>', 'set a field of the payload; repeatable', list, [])
    .addOption(urlOption())
    .addOption(secretOption())
    .option('--json', "print the server's answer unchanged")
    .option('--any-type', 'allow types that are not in the catalog')
    .addHelpText(
      'after',
      '\nExamples:\n  eventline send message_sent\n  eventline send user_status_changed --set user_id=42A --set to_status=2',
    )
    .action(async (type, options) =>
      (await import('./commands/send.ts')).send(terminal, type, options),
    );

  program
    .command('tail')
    .description('print events as they arrive; reconnect and resume after a lost connection')
    .option('--type <type>', 'only this type; repeatable', list, [])
    .option('--user <id>', 'only this user; repeatable', list, [])
    .option('--after <cursor>', 'start with the events after this cursor', cursor)
    .addOption(urlOption())
    .addOption(tokenOption())
    .option('--json', 'one JSON object per line')
    .addHelpText('after', '\nExample:\n  eventline tail --type message_sent --json | jq .payload')
    .action(async (options) => (await import('./commands/tail.ts')).tail(terminal, options));

  program
    .command('token')
    .description('print a signed token for a frontend or a tool')
    .option('--user <id>', 'the user whose events the token may see')
    .option(
      '--scope <scopes>',
      'one or more of events:read, pii:read, events:admin, separated by spaces or commas',
    )
    .option('--expires <span>', 'time until it expires', '1h')
    .addHelpText('after', '\nExample:\n  eventline token --user 32402404G --expires 30m')
    .action(async (options) => (await import('./commands/token.ts')).token(terminal, options));

  program
    .command('operations')
    .description('print the documents of the client library as a list for PERSISTED_OPERATIONS')
    .argument('[lists...]', 'other lists to merge (JSON objects of hashes to documents)')
    .option('--live-page', 'include the documents of the live page, for LIVE_PAGE=on')
    .addHelpText('after', '\nExample:\n  eventline operations app.json > persisted.json')
    .action(async (lists, options) =>
      (await import('./commands/operations.ts')).operations(terminal, lists, options),
    );

  addQuarantineCommands(program, terminal);

  program
    .command('erase')
    .description(
      'erase a user: replace the id by a pseudonym and remove personal data; events keep their positions',
    )
    .requiredOption(
      '--user <id>',
      "the user's id at the sender; - reads it from the standard input",
    )
    .option('--dry-run', 'count what would be erased, and change nothing')
    .option('--yes', 'skip the confirmation; required without a terminal')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nWorks on the database directly; servers may keep running. The command ends when no server\nholds a copy of the data. If interrupted, run it again; it resumes. Events of the user that occurred before\nthe erasure and are delivered later are answered `erased` and not stored.\n\nExamples:\n  eventline erase --user 32402404G --dry-run\n  eventline erase --user - --yes < id.txt',
    )
    .action(async (options) => (await import('./commands/erase.ts')).erase(terminal, options));

  addTrafficCommands(program, terminal);

  program
    .command('restored')
    .description('declare that the database was restored, before servers start on it')
    .option(
      '--skip <number>',
      'positions to skip; must exceed the number of lost events',
      positiveWhole,
      1_000_000_000,
    )
    .option('--yes', 'skip the confirmation; required without a terminal')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nEvents stored after the backup are lost, but readers may hold cursors of them. Without this command,\nnew events would get the same positions, and those readers would skip the new events.\n\nExample:\n  eventline restored --yes',
    )
    .action(async (options) =>
      (await import('./commands/restored.ts')).restored(terminal, options),
    );

  return program;
}
