import type { Command, Option } from 'commander';
import { catalog } from '../../../catalog/catalog.ts';

/** Suggestions for a value: a list, names of files, or nothing. */
export type Values = readonly string[] | 'files' | undefined;

export interface CompletedOption {
  /** `--json`, and `-V` if it has a short form. */
  names: string[];
  description: string;
  takesValue: boolean;
  values: Values;
}

export interface CompletedCommand {
  /** The words after the program's name, each after a space: ` quarantine list`, or nothing. */
  path: string;
  commands: { name: string; description: string }[];
  options: CompletedOption[];
  /** Suggestions for the arguments. */
  values: Values;
}

/** Returns the program and all its commands, in the order of the help. */
export function listCommands(program: Command): CompletedCommand[] {
  return walk(program, '');
}

function walk(command: Command, path: string): CompletedCommand[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const entry: CompletedCommand = {
    path,
    commands: children.map((child) => ({ name: child.name(), description: child.description() })),
    options: help.visibleOptions(command).map(toOption),
    values: command.registeredArguments
      .map((argument) => argument.argChoices ?? suggestionsFor(argument.name()))
      .find((values) => values !== undefined),
  };
  return [entry, ...children.flatMap((child) => walk(child, `${path} ${child.name()}`))];
}

function toOption(option: Option): CompletedOption {
  const { short, long, description, argChoices, flags } = option;
  return {
    names: [long, short].filter((name) => name !== undefined),
    description,
    takesValue: option.required || option.optional,
    values: argChoices ?? suggestionsFor(/<(\w+)>/.exec(flags)?.[1] ?? ''),
  };
}

/** Suggestions by the name of an argument in the help. */
function suggestionsFor(name: string): Values {
  if (name === 'type') return catalog.map((definition) => definition.name);
  return ['file', 'lists'].includes(name) ? 'files' : undefined;
}

/** Returns the words that may follow a command, for shells that show no descriptions. */
export function wordsOf({ commands, options, values }: CompletedCommand): string[] {
  return [
    ...commands.map(({ name }) => name),
    ...options.flatMap(({ names }) => names),
    ...(Array.isArray(values) ? values : []),
  ];
}

/** Returns the suggestions for each option with a value, by patterns of `path option`. */
export function casesOfValues(
  commands: readonly CompletedCommand[],
): { pattern: string[]; values: Values }[] {
  return commands.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, values }) => ({
        pattern: names.map((name) => `"${path} ${name}"`),
        values,
      })),
  );
}
