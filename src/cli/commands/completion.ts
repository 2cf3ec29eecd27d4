import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { toBash } from './completion/bash.ts';
import { toFish } from './completion/fish.ts';
import { listCommands } from './completion/list-commands.ts';
import { toZsh } from './completion/zsh.ts';

const scripts = { bash: toBash, zsh: toZsh, fish: toFish };

export type Shell = keyof typeof scripts;

/** Prints the completion script of a shell, made of the command line's definition. */
export function completion(terminal: Terminal, program: Command, shell: Shell): void {
  terminal.out.write(scripts[shell](listCommands(program)));
}
