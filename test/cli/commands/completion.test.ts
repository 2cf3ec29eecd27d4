import { execFileSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { listCommands } from '../../../src/cli/commands/completion/list-commands.ts';
import { completion, type Shell } from '../../../src/cli/commands/completion.ts';
import { createProgram } from '../../../src/cli/create-program.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';

const program = createProgram({} as Terminal, '1.2.3');
const commands = listCommands(program);

async function scriptOf(shell: Shell): Promise<string> {
  const out = new PassThrough();
  completion({ out } as unknown as Terminal, program, shell);
  out.end();
  return text(out);
}

describe('bash', async () => {
  const script = await scriptOf('bash');
  /** Completes the last of these words, as Bash does after Tab. */
  const complete = (...words: string[]): string[] => {
    const line = ['eventline', ...words].map((word) => `'${word}'`).join(' ');
    const code = `${script}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _eventline; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', code], { encoding: 'utf8' }).trim().split('\n');
  };

  test.for([
    [[''], expect.arrayContaining(['serve', 'tail', 'quarantine', 'completion', '--version'])],
    [['se'], ['serve', 'send', 'seed']],
    [['quarantine', 'r'], ['retry']],
    [['tail', '--j'], ['--json']],
    [['tail', '--type', 'message_r'], ['message_read']],
    [['tail', '--json', '--type', 'message_r'], ['message_read']],
    [['send', 'message_s'], ['message_sent']],
    [
      ['export', '--format', ''],
      ['jsonl', 'csv'],
    ],
    [['completion', ''], expect.arrayContaining(['bash', 'zsh', 'fish'])],
    [['quarantine', 'list', '--problem', ''], ['']],
  ] as const)('%j', ([words, expected]) => {
    expect(complete(...words)).toEqual(expected);
  });
});

test.for(['bash', 'zsh', 'fish'] as const)('%s knows every command and option', async (shell) => {
  const script = await scriptOf(shell);
  expect(commands.length).toBeGreaterThan(20);
  for (const { path, options } of commands) {
    expect(script).toContain(path);
    for (const { names } of options) {
      for (const name of names) {
        const flag = shell === 'fish' ? name.replace(/^-+/, '') : name;
        expect(script).toContain(flag);
      }
    }
  }
});

test('no description ends a quotation of a shell', async () => {
  const described = createProgram({} as Terminal, '1');
  described.command('odd').description("it's a 'quote', a \\ and a: colon");
  const out = new PassThrough();
  completion({ out } as unknown as Terminal, described, 'zsh');
  completion({ out } as unknown as Terminal, described, 'fish');
  out.end();
  const scripts = await text(out);
  expect(scripts).toContain(String.raw`'odd:it'\''s a '\''quote'\'', a \\ and a\: colon'`);
  expect(scripts).toContain(String.raw`'it\'s a \'quote\', a \\ and a: colon'`);
});
