import fc from 'fast-check';

/** The seed of the run; FUZZ_SEED repeats a run. */
export const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

/**
 * Runs a property with generated cases.
 *
 * @throws Error with the seed, the first case that failed, and a shrunk form of it
 */
export async function runProperty<T>(property: fc.IRawProperty<T>, numRuns: number): Promise<void> {
  const details = await fc.check(property as fc.IAsyncProperty<T>, {
    seed,
    numRuns,
    verbose: fc.VerbosityLevel.Verbose,
  });
  if (!details.failed) return;
  const { failures, counterexample, errorInstance: cause } = details;
  const lines = [
    `${cause instanceof Error ? cause.message : cause}`,
    `Repeat it with FUZZ_SEED=${seed}. It failed after ${details.numRuns} cases:`,
    fc.stringify(failures[0]),
    'Shrunk:',
    fc.stringify(counterexample),
  ];
  throw new Error(lines.join('\n'), { cause });
}

/** Prints what a run has covered. */
export function printCount(line: string): void {
  process.stdout.write(`${line}\n`);
}
