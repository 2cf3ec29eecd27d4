import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { describeMachine } from './machine.ts';
import { openDatabase } from './open-database.ts';
import { type BenchOptions, HELP, OptionsError, readOptions } from './options.ts';
import type { Report } from './report/report.ts';
import { toMarkdown } from './report/to-markdown.ts';
import { describe, writeResults } from './report/write-results.ts';
import type { TaskName } from './task-names.ts';
import { fanout } from './tasks/fanout.ts';
import { growth } from './tasks/growth.ts';
import { instances } from './tasks/instances.ts';
import { intake } from './tasks/intake.ts';
import { latency } from './tasks/latency.ts';
import { memory } from './tasks/memory.ts';
import { oneOfMany } from './tasks/one-of-many.ts';
import { pages } from './tasks/pages.ts';
import { replay } from './tasks/replay.ts';

const EXIT_FAILED = 1;
const EXIT_OPTIONS = 2;
const EXIT_INTERRUPTED = 130;

const tasks: Record<TaskName, (bench: Bench) => Promise<Report>> = {
  fanout,
  'one-of-many': oneOfMany,
  intake,
  instances,
  latency,
  replay,
  pages,
  memory,
  growth,
};

const progress = (line: string) => process.stderr.write(`${line}\n`);

/** Runs the tasks, writes and prints their results, and resolves with the exit code. */
async function main(options: BenchOptions): Promise<number> {
  const database = await openDatabase(progress);
  const profileDirectory = options.profile
    ? await mkdtemp(join(tmpdir(), 'eventline-profiles-'))
    : undefined;
  const failures: string[] = [];
  const bench: Bench = { options, database, progress, profileDirectory, failures };
  const about = {
    machine: describeMachine(),
    database: database.label,
    rounds: options.rounds,
    date: new Date().toISOString().slice(0, 10),
  };
  progress(describe({ ...about, isComplete: true }));
  const reports: Report[] = [];
  try {
    for (const name of options.tasks) {
      const failed = failures.length;
      const report = await tasks[name](bench);
      reports.push(report);
      // Profiling slows the servers down.
      const isComplete =
        !options.quick && !options.only && !options.profile && failures.length === failed;
      const directory = await writeResults(report, { ...about, isComplete });
      progress(`${name}: written to ${directory}`);
      if (!options.json) process.stdout.write(`\n# ${report.title}\n\n${toMarkdown(report)}\n\n`);
    }
  } finally {
    await database.close();
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ ...about, reports }, null, 2)}\n`);
  if (profileDirectory) progress(`CPU profiles are in ${profileDirectory}`);
  for (const failure of failures) progress(`FAILED: ${failure}`);
  return failures.length === 0 ? 0 : EXIT_FAILED;
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    progress('\nInterrupted: stopping the servers.');
    process.exit(EXIT_INTERRUPTED);
  });
}
try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${HELP}\n`);
  else if (!existsSync(join(import.meta.dirname, '../../dist/main.js'))) {
    throw new OptionsError(
      'dist/main.js is missing. Run `npm run bench` at the top of the checkout.',
    );
  } else process.exit(await main(options));
} catch (error) {
  if (!(error instanceof OptionsError)) throw error;
  process.stderr.write(`${error.message}\nRun with --help for the options.\n`);
  process.exitCode = EXIT_OPTIONS;
}
