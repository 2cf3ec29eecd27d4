import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const DEV = join(import.meta.dirname, '../../scripts/dev.mjs');
/** A server that prints the version of its source, and ends at SIGTERM. */
const serverOf = (version: number) => `
process.on('SIGTERM', () => { console.log('stopped ${version}'); process.exit(0); });
setInterval(() => {}, 60_000);
console.log('serving ${version}', ...process.argv.slice(2));
`;
const BUILD = `
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
if (readFileSync('src/main.js', 'utf8').includes('broken')) process.exit(1);
mkdirSync('dist', { recursive: true });
cpSync('src/main.js', 'dist/main.js');
`;

test('it serves, restarts after a change, and survives a failed build', async () => {
  const directory = await temporaryDirectory();
  const source = join(directory, 'src/main.js');
  await mkdir(join(directory, 'src'));
  await writeFile(source, serverOf(1));
  await writeFile(join(directory, 'build.mjs'), BUILD);
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ type: 'module', scripts: { build: 'node build.mjs' } }),
  );

  const dev = spawn(process.execPath, [DEV, '--an-option'], { cwd: directory, stdio: 'pipe' });
  onTestFinished(() => void dev.kill('SIGKILL'));
  const output = createInterface({ input: dev.stdout })[Symbol.asyncIterator]();
  const notes = createInterface({ input: dev.stderr })[Symbol.asyncIterator]();
  /**
   * Returns the lines up to this one. A file may be seen in two steps while it is written, and then
   * is built twice.
   */
  const linesUntil = async (text: string) => {
    const lines: string[] = [];
    for (let line = await output.next(); !line.done; line = await output.next()) {
      lines.push(line.value);
      if (line.value === text) return lines;
    }
    throw new Error(`it ended and did not print: ${text}`);
  };
  const untilNote = async (text: string) => {
    for (let note = await notes.next(); !note.done; note = await notes.next()) {
      if (note.value.includes(text)) return;
    }
    throw new Error(`it ended and did not say: ${text}`);
  };

  expect(await linesUntil('serving 1 serve --an-option')).toHaveLength(1);
  await writeFile(source, serverOf(2));
  expect(await linesUntil('serving 2 serve --an-option')).toContain('stopped 1');
  await writeFile(source, 'broken');
  await untilNote('the build failed');
  await writeFile(source, serverOf(3));
  expect(await linesUntil('serving 3 serve --an-option')).toContain('stopped 2');

  const exited = once(dev, 'exit');
  dev.kill('SIGTERM');
  await linesUntil('stopped 3');
  expect(await exited).toEqual([0, null]);
});
