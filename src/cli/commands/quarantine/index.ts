import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../../terminal.ts';

const wholeNumber = (value: string) => {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('expected a whole number from 1');
};
const ids = 'the start of its id, 4 characters or more';
const problem = 'only what was refused for this, for example invalid-payload';

/** Adds `quarantine list|show|retry|drop`; each loads its code when it is called. */
export function addQuarantineCommands(program: Command, terminal: Terminal): void {
  const quarantine = program
    .command('quarantine')
    .description('signed deliveries that were refused: look at them, try them again, drop them')
    .addHelpText(
      'after',
      '\nWorks on the database directly: on MONGODB_URI, or on the embedded one in DATA_DIR, whether a\nserver runs on it or not.\n\nExamples:\n  eventline quarantine list\n  eventline quarantine retry --all',
    );

  quarantine
    .command('list')
    .description('what is kept and why, the last that came first; no bodies')
    .option('--problem <name>', problem)
    .option('--limit <number>', 'so many at most', wholeNumber, 50)
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      '\nExamples:\n  eventline quarantine list --problem invalid-payload\n  eventline quarantine list --json --limit 1000 | jq -r .detail | sort | uniq -c',
    )
    .action(async (options) => (await import('./list.ts')).quarantineList(terminal, options));

  quarantine
    .command('show')
    .description('what is known of one; with --raw its body, which holds personal data')
    .argument('<id>', ids)
    .option('--raw', 'print the body and nothing else, byte for byte')
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
    .description('store what is acceptable now, as received when it first came, each once')
    .argument('[id...]', ids)
    .option('--all', 'everything that is kept')
    .option('--problem <name>', problem)
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      '\nServers may run meanwhile: their subscribers get what is stored. Ended half-way, run it again.\n\nExamples:\n  eventline quarantine retry 3f9a01c2\n  eventline quarantine retry --problem invalid-payload',
    )
    .action(async (given, options) =>
      (await import('./retry.ts')).quarantineRetry(terminal, given, options),
    );

  quarantine
    .command('drop')
    .description('let deliveries go for ever, after a question')
    .argument('[id...]', ids)
    .option('--all', 'everything that is kept')
    .option('--yes', 'do not ask; needed where there is no terminal')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      '\nExamples:\n  eventline quarantine drop 3f9a01c2\n  eventline quarantine drop --all --yes',
    )
    .action(async (given, options) =>
      (await import('./drop.ts')).quarantineDrop(terminal, given, options),
    );
}
