import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/create-program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { documents, read, shellCommands } from './documents.ts';

/** Only the declarations of commands are read. */
const program = createProgram({} as Terminal, '1.2.3');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** Returns what is wrong with the arguments of `eventline`, or undefined. */
function faultOf(args: readonly string[]): string | undefined {
  let command: Command = program;
  let index = 0;
  for (; index < args.length; index += 1) {
    const child = command.commands.find((one) => one.name() === args[index]);
    if (child === undefined) break;
    command = child;
  }
  if (command === program) return `there is no command ${args[0]}`;
  const options = args.slice(index).filter((arg) => /^--\w/.test(arg));
  const known = ['--help', ...command.options.map(({ long }) => long)];
  return options.find((option) => !known.includes(option.split('=')[0] ?? ''));
}

const wordsOf = (text: string) => text.match(/'[^']*'|"[^"]*"|[^\s)|;]+/g) ?? [];

const commands = documents
  .filter((path) => path !== 'CHANGELOG.md')
  .flatMap((path) => shellCommands(read(path)).map((command) => ({ path, command })));

describe.for(commands)('$path: $command', ({ command }) => {
  test('uses existing commands and options', () => {
    for (const [, call = ''] of command.matchAll(/npx eventline ([^)|;]*)/g)) {
      expect(faultOf(wordsOf(call))).toBeUndefined();
    }
    for (const [, script = ''] of command.matchAll(/npm run (?:--silent )?([\w:]+)/g)) {
      expect(Object.keys(scripts)).toContain(script);
    }
  });
});

test.for(documents.filter((path) => path !== 'CHANGELOG.md'))(
  '%s names existing npm scripts',
  (path) => {
    const named = [...read(path).matchAll(/`npm run (?:--silent )?([\w:]+)/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  },
);

test('the documents contain commands', () => {
  expect(commands.length).toBeGreaterThan(30);
  expect(faultOf(['sned'])).toBe('there is no command sned');
  expect(faultOf(['quarantine', 'list', '--lmit', '5'])).toBe('--lmit');
});
