import { existsSync } from 'node:fs';
import { runContention } from './contention.ts';
import { EXIT_INTERRUPTED, endOnSignals } from './end-on-signals.ts';
import { toLine } from './figures.ts';
import { createFindings } from './findings.ts';
import { runHolder } from './holder.ts';
import { runMixed } from './mixed.ts';
import { type FaultOptions, HELP, OptionsError, readOptions, type Scenario } from './options.ts';
import { runRestart } from './restart.ts';
import { createRun } from './run-directory.ts';
import type { RunScenario } from './scenario.ts';
import { runStalledReader } from './stalled-reader.ts';

const EXIT_VIOLATION = 1;
const EXIT_OPTIONS = 2;

const runners: Record<Scenario, RunScenario> = {
  mixed: runMixed,
  holder: runHolder,
  restart: runRestart,
  'stalled-reader': runStalledReader,
  contention: runContention,
};

/** Runs a scenario, prints its result, and resolves to the exit code. */
async function main(options: FaultOptions): Promise<number> {
  const stop = new AbortController();
  const run = await createRun(stop.signal);
  const findings = createFindings();
  const interrupted = endOnSignals(stop);
  process.stderr.write(
    `Scenario ${options.scenario}, seed ${options.seed}; logs in ${run.directory}\n`,
  );

  let figures: object = {};
  try {
    const work = runners[options.scenario]({ options, run, findings });
    figures = await Promise.race([work, interrupted]);
  } catch (error) {
    if (!stop.signal.aborted) findings.add('wrong', `${(error as Error).stack}`);
  }
  const isWrong = findings.any();
  // Running parts must not restart what is being ended.
  const wasInterrupted = stop.signal.aborted;
  stop.abort(new Error('the run is over'));
  await run.end({ keep: isWrong });
  if (wasInterrupted) return EXIT_INTERRUPTED;

  const { scenario, seed, json } = options;
  const { first, count } = findings;
  const verdict = {
    lost: count('lost'),
    doubled: count('doubled'),
    disordered: count('disordered'),
    wrong: count('wrong'),
  };
  const whole = { scenario, seed, ...figures, ...verdict };
  process.stdout.write(json ? `${JSON.stringify(whole)}\n` : `${toLine(whole)}\n`);
  if (!isWrong) return 0;
  process.stderr.write(`\n${first().join('\n')}\n\n`);
  process.stderr.write(`Logs and data are kept in ${run.directory}\n`);
  process.stderr.write(`The same decisions again: --seed ${seed}\n`);
  return EXIT_VIOLATION;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${HELP}\n`);
  // Pending timers must not keep a finished run alive.
  else if (existsSync('dist/main.js')) process.exit(await main(options));
  else throw new OptionsError('dist/main.js is missing: run this by npm run test:faults');
} catch (error) {
  if (!(error instanceof OptionsError)) throw error;
  process.stderr.write(`${error.message}\n(--help tells more)\n`);
  process.exitCode = EXIT_OPTIONS;
}
