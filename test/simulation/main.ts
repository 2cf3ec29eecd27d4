import { fileURLToPath } from 'node:url';
import { HELP, OptionsError, readOptions } from './options.ts';
import { RunCrashedError, runMany, type Told } from './run-many.ts';
import { runSeed } from './run-seed.ts';

const program = fileURLToPath(import.meta.url);
const print = (text: string) => process.stdout.write(`${text}\n`);

/** Runs one seed here and prints its whole trace. */
async function traceSeed(seed: number): Promise<boolean> {
  const { lines, violation, ...figures } = await runSeed(seed, Number.MAX_SAFE_INTEGER);
  for (const line of lines) print(line);
  print(JSON.stringify({ ...figures, violation }));
  return violation === undefined;
}

async function runSeeds({ from, count, twice }: { from: number; count: number; twice: boolean }) {
  const sums = { seeds: 0, broken: 0, cpuMs: 0, simulatedMs: 0, events: 0, elections: 0 };
  const digests = new Map<number, string>();
  const note = (outcome: Told) => {
    const { seed, violation, digest } = outcome;
    if ((digests.get(seed) ?? digest) !== digest) {
      sums.broken += 1;
      print(`seed ${seed}: another trace the second time`);
    }
    digests.set(seed, digest);
    sums.seeds += 1;
    for (const name of ['cpuMs', 'simulatedMs', 'events', 'elections'] as const) {
      sums[name] += outcome[name];
    }
    if (violation) {
      sums.broken += 1;
      print(`seed ${seed}: ${violation.rule}: ${violation.text}`);
    }
    return true;
  };
  await runMany(program, { from, count }, note);
  if (twice) await runMany(program, { from, count }, note);
  const { cpuMs, simulatedMs, ...counts } = sums;
  const perSeed = Math.round(cpuMs / sums.seeds);
  print(
    JSON.stringify({ ...counts, simulatedHours: simulatedMs / 3_600_000, cpuMsPerSeed: perSeed }),
  );
  return sums.broken === 0;
}

/** Runs the seeds that the parent process sends, one at a time. */
function serve(): void {
  // A twentieth of a run would go into stack traces of errors that are expected.
  Error.stackTraceLimit = 0;
  process.on('message', ({ seed }: { seed: number }) => {
    const before = process.cpuUsage();
    runSeed(seed).then(
      ({ lines: _, ...outcome }) => {
        const { user, system } = process.cpuUsage(before);
        process.send?.({ ...outcome, cpuMs: (user + system) / 1_000 });
      },
      (error) => {
        process.stderr.write(`seed ${seed}: ${error.stack}\n`);
        process.exit(1);
      },
    );
  });
}

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    switch (options.kind) {
      case 'help':
        print(HELP);
        return 0;
      case 'seed':
        return (await traceSeed(options.seed)) ? 0 : 1;
      case 'seeds':
        return (await runSeeds(options)) ? 0 : 1;
      case 'planted': {
        const { runPlanted } = await import('./planted/run-planted.ts');
        return (await runPlanted(options, print)) ? 0 : 1;
      }
      case 'model': {
        const { largestScopes, runModel } = await import('./model/run-model.ts');
        return runModel(largestScopes, print) ? 0 : 1;
      }
    }
  } catch (error) {
    if (!(error instanceof OptionsError || error instanceof RunCrashedError)) throw error;
    print(error.message);
    return error instanceof OptionsError ? 2 : 1;
  }
}

if (process.argv[2] === 'worker') serve();
else process.exitCode = await main();
