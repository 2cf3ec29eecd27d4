import { Argument, type Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** Adds `config`, `doctor` and `completion`; each loads its code when it is called. */
export function addSetupCommands(program: Command, terminal: Terminal): void {
  program
    .command('config')
    .description('print the effective settings and their sources, without secrets')
    .option('--json', 'print one JSON array')
    .addHelpText(
      'after',
      '\nExample:\n  eventline config --json | jq -r ".[] | select(.source != \\"default\\")"',
    )
    .action(async (options) => (await import('./config.ts')).config(terminal, options));

  program
    .command('doctor')
    .description('check the configuration, secrets, port, database and clock, and say what to do')
    .option('--json', 'print one JSON array')
    .addHelpText(
      'after',
      '\nChanges nothing. Exit code 0: no check failed, though there may be warnings; 1: a check failed;\n2: the configuration is invalid.\n\nExample:\n  NODE_ENV=production eventline doctor',
    )
    .action(async (options) => (await import('./doctor.ts')).doctor(terminal, options));

  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nExamples:\n  source <(eventline completion bash)\n  eventline completion fish > ~/.config/fish/completions/eventline.fish',
    )
    .action(async (shell) =>
      (await import('./completion.ts')).completion(terminal, program, shell),
    );
}
