import { existsSync } from 'node:fs';
import { EXIT_INTERRUPTED, endOnSignals } from '../faults/end-on-signals.ts';
import { createFindings } from '../faults/findings.ts';
import { createRun } from '../faults/run-directory.ts';
import { HELP, OptionsError, readOptions, type SoakOptions } from './options.ts';
import { goalsOf, toMarkdown } from './report.ts';
import { runSoak } from './run-soak.ts';

const EXIT_NOT_REACHED = 1;
const EXIT_OPTIONS = 2;

async function main(options: SoakOptions): Promise<number> {
  const stop = new AbortController();
  const run = await createRun(stop.signal);
  const findings = createFindings();
  const interrupted = endOnSignals(stop);
  try {
    const figures = await Promise.race([runSoak(options, { run, findings }), interrupted]);
    const goals = goalsOf(figures);
    const text = options.json ? JSON.stringify({ ...figures, goals }) : toMarkdown(figures);
    process.stdout.write(`${text}\n`);
    return goals.every(({ isReached }) => isReached) ? 0 : EXIT_NOT_REACHED;
  } catch (error) {
    if (stop.signal.aborted) return EXIT_INTERRUPTED;
    throw error;
  } finally {
    for (const line of findings.first()) process.stderr.write(`${line}\n`);
    stop.abort(new Error('the run is over'));
    await run.end({ keep: findings.any() });
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${HELP}\n`);
  // Clients that are still closing must not keep a finished run alive.
  else if (existsSync('dist/main.js')) process.exit(await main(options));
  else throw new OptionsError('dist/main.js is missing: run this by npm run soak');
} catch (error) {
  if (!(error instanceof OptionsError)) throw error;
  process.stderr.write(`${error.message}\n(--help tells more)\n`);
  process.exitCode = EXIT_OPTIONS;
}
