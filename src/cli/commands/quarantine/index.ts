import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../../terminal.ts';

const wholeNumber = (value: string) => {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('expected a whole number from 1');
};
const ids = 'any unique prefix of the id, from 4 characters';
const problem = 'only deliveries refused for this problem, such as invalid-envelope';

/** Adds `quarantine list|show|retry|drop`; each loads its code when it is called. */
export function addQuarantineCommands(program: Command, terminal: Terminal): void {
  const quarantine = program
    .command('quarantine')
    .description('list, show, retry or drop signed deliveries that were refused')
    .addHelpText(
      'after',
      '\nWorks on the database directly: MONGODB_URI, or the embedded database in DATA_DIR, which the command\nstarts if no server is running.\n\nExamples:\n  eventline quarantine list\n  eventline quarantine retry --all',
    );

  quarantine
    .command('list')
    .description('list deliveries and reasons, newest first, without bodies')
    .option('--problem <name>', problem)
    .option('--limit <number>', 'maximum number', wholeNumber, 50)
    .option('--json', 'one JSON object per line')
    .addHelpText(
      'after',
      '\nExamples:\n  eventline quarantine list --problem invalid-envelope\n  eventline quarantine list --json --limit 1000 | jq -r .detail | sort | uniq -c',
    )
    .action(async (options) => (await import('./list.ts')).quarantineList(terminal, options));

  quarantine
    .command('show')
    .description('show one delivery; --raw prints its body, which holds personal data')
    .argument('<id>', ids)
    .option('--raw', 'print the exact bytes of the body and nothing else')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  eventline quarantine show 3f9a01c2\n  eventline quarantine show 3f9a01c2 --raw > body.json',
    )
    .action(async (id, options) =>
      (await import('./show.ts')).quarantineShow(terminal, id, options),
    );

  quarantine
    .command('retry')
    .description('store deliveries that are valid now, with the time of first reception')
    .argument('[id...]', ids)
    .option('--all', 'all deliveries in quarantine')
    .option('--problem <name>', problem)
    .option('--json', 'one JSON object per line')
    .addHelpText(
      'after',
      '\nServers may keep running; their subscribers receive what is stored. If interrupted, run it again.\n\nExamples:\n  eventline quarantine retry 3f9a01c2\n  eventline quarantine retry --problem invalid-envelope',
    )
    .action(async (given, options) =>
      (await import('./retry.ts')).quarantineRetry(terminal, given, options),
    );

  quarantine
    .command('drop')
    .description('delete deliveries permanently, after a confirmation')
    .argument('[id...]', ids)
    .option('--all', 'all deliveries in quarantine')
    .option('--yes', 'skip the confirmation; required without a terminal')
    .option('--json', 'one JSON object per line')
    .addHelpText(
      'after',
      '\nExamples:\n  eventline quarantine drop 3f9a01c2\n  eventline quarantine drop --all --yes',
    )
    .action(async (given, options) =>
      (await import('./drop.ts')).quarantineDrop(terminal, given, options),
    );
}
