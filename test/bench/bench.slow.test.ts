import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Of `npm run bench` only what needs no packages of its own: Eventline without the others. */
test('the bench measures the server of this checkout', async () => {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  // The types of the compared projects are missing here.
  await run(process.execPath, [tsc, '-p', 'bench/tsconfig.json', '--noCheck'], { cwd: ROOT });
  const main = join(ROOT, 'bench/build/main.js');
  const args = ['intake', '--quick', '--only', 'eventline', '--json'];
  const { stdout } = await run(process.execPath, [main, ...args], { cwd: ROOT });
  const [{ columns, rows }] = JSON.parse(stdout).reports[0].tables;
  const [name, perSecond] = rows[0];
  expect(columns[1]).toBe('per second');
  expect(name).toBe('Eventline');
  expect(perSecond).toBeGreaterThan(0);
});
