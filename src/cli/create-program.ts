import { Command, Option } from 'commander';
import { addQuarantineCommands } from './commands/quarantine/index.ts';
import { addSetupCommands } from './commands/setup-commands.ts';
import { addTrafficCommands } from './commands/traffic-commands.ts';
import { cursor, list, positiveWhole } from './option-values.ts';
import type { Terminal } from './terminal.ts';

const urlOption = () => new Option('--url <url>', 'where the server is (default: the one here)');

/**
 * Creates the command line. Each command loads its code when it is called, so `send` starts fast.
 */
export function createProgram(terminal: Terminal, version: string): Command {
  const program = new Command('eventline')
    .description('Signed webhooks in, one durable ordered line of events, live GraphQL out.')
    .version(version)
    .showHelpAfterError('(--help tells more)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed or called wrongly, 2 the configuration is not right, 130 ended by a signal\nbefore it was done. A command without an end of its own (serve, tail, simulate) is done by Ctrl-C: 0.\nSettings come from the environment and from .env; the README lists them.',
    );

  program
    .command('serve')
    .description('run the server; without MONGODB_URI with an embedded database')
    .addHelpText('after', '\nExample:\n  PORT=8080 eventline serve')
    .action(async () => (await import('./commands/serve.ts')).serve(terminal, version));

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
    .action(async (type, options) =>
      (await import('./commands/send.ts')).send(terminal, type, options),
    );

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
    .action(async (options) => (await import('./commands/tail.ts')).tail(terminal, options));

  program
    .command('token')
    .description('print a signed token for a frontend or a tool')
    .option('--user <id>', "whose events are the token's own")
    .option('--scope <scopes>', 'events:read, pii:read, events:admin; several in quotes')
    .option('--expires <span>', 'how long it holds', '1h')
    .addHelpText('after', '\nExample:\n  eventline token --user 32402404G --expires 30m')
    .action(async (options) => (await import('./commands/token.ts')).token(terminal, options));

  program
    .command('operations')
    .description("print the client's own documents as a list for PERSISTED_OPERATIONS")
    .argument('[lists...]', 'other lists (JSON objects of hashes to documents) to join with it')
    .option('--live-page', 'those of the page at / too, to serve it with LIVE_PAGE=on')
    .addHelpText('after', '\nExample:\n  eventline operations app.json > persisted.json')
    .action(async (lists, options) =>
      (await import('./commands/operations.ts')).operations(terminal, lists, options),
    );

  addQuarantineCommands(program, terminal);

  program
    .command('erase')
    .description(
      'erase a user: events stay at their places, those of a pseudonym that leads to nobody',
    )
    .requiredOption(
      '--user <id>',
      "the sender's id of the user; - reads it from the standard input",
    )
    .option('--dry-run', 'say how much would be erased, and change nothing')
    .option('--yes', 'do not ask; needed where there is no terminal')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nWorks on the database directly, beside running servers, and ends when they hold no copy any more.\nEnded half-way, run it again: it goes on. Webhooks about the user from before are not taken any more.\n\nExamples:\n  eventline erase --user 32402404G --dry-run\n  eventline erase --user - --yes < id.txt',
    )
    .action(async (options) => (await import('./commands/erase.ts')).erase(terminal, options));

  addTrafficCommands(program, terminal);

  program
    .command('restored')
    .description(
      'say that the database was restored to an earlier state, before servers start on it',
    )
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
    .action(async (options) =>
      (await import('./commands/restored.ts')).restored(terminal, options),
    );

  return program;
}
