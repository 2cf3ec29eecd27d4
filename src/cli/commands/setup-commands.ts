import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** Adds `config` and `doctor`; each loads its code when it is called. */
export function addSetupCommands(program: Command, terminal: Terminal): void {
  program
    .command('config')
    .description('print the settings that are in force and where each is from; secrets are hidden')
    .option('--json', 'print one JSON array')
    .addHelpText(
      'after',
      '\nExample:\n  eventline config --json | jq -r ".[] | select(.source != \\"default\\")"',
    )
    .action(async (options) => (await import('./config.ts')).config(terminal, options));

  program
    .command('doctor')
    .description(
      'check the configuration, the secrets, the port and the database, and say what to do',
    )
    .option('--json', 'print one JSON array')
    .addHelpText(
      'after',
      '\nChanges nothing. Exit code 0: nothing failed, though there may be warnings; 1: something did;\n2: the configuration is not right.\n\nExample:\n  NODE_ENV=production eventline doctor',
    )
    .action(async (options) => (await import('./doctor.ts')).doctor(terminal, options));
}
