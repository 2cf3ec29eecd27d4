import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/create-program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { lineOf, runEventline, startEventline } from '../utils/eventline.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

/** Only the command line is tested, so no command uses the terminal. */
const nowhere = {} as Terminal;

/** The whole command line, with its output captured. */
function open(): { program: Command; all: Command[]; said: () => string } {
  let said = '';
  const program = createProgram(nowhere, '1.2.3');
  const all: Command[] = [];
  const walk = (command: Command): void => {
    all.push(command);
    command.exitOverride();
    const write = (text: string) => {
      said += text;
    };
    command.configureOutput({ writeOut: write, writeErr: write });
    for (const child of command.commands) walk(child);
  };
  walk(program);
  return { program, all, said: () => said };
}

/** `quarantine list` */
function pathOf(command: Command): string[] {
  return command.parent ? [...pathOf(command.parent), command.name()] : [];
}

const paths = open()
  .all.slice(1)
  .map((command) => pathOf(command));

describe.for(paths.map((path) => [path.join(' '), path] as const))('%s', ([, path]) => {
  const called = async (...args: string[]) => {
    const { program, said } = open();
    await expect(program.parseAsync([...path, ...args], { from: 'user' })).rejects.toThrow();
    return said();
  };

  test('--help describes the command and every option, with an example', async () => {
    const said = await called('--help');
    expect(said).toMatch(new RegExp(`\nExamples?:\n(.*\n)*.*eventline ${path.join(' ')}`));
    const command = open().all.find((one) => pathOf(one).join() === path.join());
    expect(command?.description()).toMatch(/^[a-z].{10}/);
    for (const { flags, description } of command?.options ?? []) {
      expect(description, flags).toMatch(/.{3}/);
    }
  });

  test('a misspelt option is answered with the nearest one', async () => {
    // Required options are checked first.
    const required: Record<string, string> = { erase: '--user', listen: '--forward-to' };
    const given = required[String(path[0])] ? [required[String(path[0])] as string, 'any'] : [];
    expect(await called(...given, '--hepl')).toContain('(Did you mean --help?)');
  });

  test('is in the reference', async () => {
    const reference = join(import.meta.dirname, '../../docs/reference/cli.md');
    expect(await readFile(reference, 'utf8')).toContain(`### \`eventline ${path.join(' ')}\``);
  });
});

test.for([
  [['--help'], {}, 0, 'stdout', 'Exit codes: 0 done'],
  [['--version'], {}, 0, 'stdout', '0.1.0'],
  [[], {}, 1, 'stderr', 'Usage: eventline'],
  [['simulte'], {}, 1, 'stderr', '(Did you mean simulate?)'],
  [['quarantine', 'lst'], {}, 1, 'stderr', '(Did you mean list?)'],
  [['serve'], { PORT: 'x', LOG_LEVEL: 'y' }, 2, 'stderr', /PORT.*LOG_LEVEL/s],
  [
    ['token', '--user', 'u'],
    { FORCE_COLOR: '1' },
    1,
    'stderr',
    '\x1b[31meventline:\x1b[39m No secret',
  ],
  [['token', '--user', 'u'], { NO_COLOR: '1' }, 1, 'stderr', /^eventline: No secret/],
  [['token', '--user', 'u'], {}, 1, 'stderr', /^eventline: No secret.*start the server first/],
] as const)('%j with %j exits with %i', async ([args, env, code, stream, text]) => {
  const ended = await runEventline([...args], { cwd: await temporaryDirectory(), env });
  expect(ended[stream]).toMatch(text);
  expect(ended.code).toBe(code);
  expect(ended[stream === 'stdout' ? 'stderr' : 'stdout']).toBe('');
});

test('a server whose output is closed ends, and its database with it', async () => {
  const cwd = await temporaryDirectory();
  const { child, finished } = startEventline(['serve'], { cwd, env: { PORT: '0' } });
  child.stdout?.destroy();
  await lineOf(child, 'stderr', /Stopped\./);
  expect((await finished).code).toBe(0);
  // The record of the running database holds its process id.
  const record = JSON.parse(await readFile(join(cwd, '.eventline/database.json'), 'utf8'));
  expect(record).not.toHaveProperty('pid');
});
