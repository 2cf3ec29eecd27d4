import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RunCrashedError, runMany } from './run-many.ts';

/** Writes a program that answers each seed, or runs a statement instead. */
function programThat(statement: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'eventline-run-many-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'program.cjs');
  writeFileSync(
    path,
    `process.on('message', ({ seed }) => { ${statement}; process.send({ seed }); });`,
  );
  return path;
}

test('each seed runs once', async () => {
  const seeds: number[] = [];
  const seedsFrom = { from: 3, count: 5 };
  await runMany(programThat(''), seedsFrom, ({ seed }) => seeds.push(seed) > 0);
  expect(seeds.sort()).toEqual([3, 4, 5, 6, 7]);
});

test('a crash of the runner is an error, and breaks no rule', async () => {
  const outcomes: unknown[] = [];
  const crash = programThat('if (seed === 2) process.exit(9)');
  const running = runMany(crash, { from: 1, count: 4 }, (outcome) => outcomes.push(outcome) > 0);
  await expect(running).rejects.toThrow(new RunCrashedError('seed 2: the process ended with 9'));
  expect(outcomes).not.toContainEqual(expect.objectContaining({ violation: expect.anything() }));
});
