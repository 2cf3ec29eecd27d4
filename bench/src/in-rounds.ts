import type { Bench } from './bench.ts';
import { type Contestant, type ContestantName, contestants } from './contestants.ts';

/** The figures of one contestant in one round. */
export type Figures = Record<string, number>;

/** The medians of each contestant's figures over all rounds, in the order of the contestants. */
export type Medians = ReadonlyMap<ContestantName, Figures>;

/**
 * Measures contestants in turn, round after round, each round from another one on, so that what the
 * machine does beside hits all of them. One that fails is named, and left out.
 */
export async function inRounds(
  bench: Bench,
  { names, what }: { names: readonly ContestantName[]; what: string },
  measure: (contestant: Contestant) => Promise<Figures>,
): Promise<Medians> {
  const { options, progress, failures } = bench;
  const taking = names.filter((name) => options.only?.includes(name) ?? true);
  const figures = new Map<ContestantName, Figures[]>(taking.map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    const first = round % Math.max(1, taking.length);
    for (const name of [...taking.slice(first), ...taking.slice(0, first)]) {
      const startedMs = performance.now();
      const where = `${what}, round ${round + 1} of ${options.rounds}: ${name}`;
      try {
        const measured = await measure(contestants[name]);
        figures.get(name)?.push(measured);
        const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
        progress(`${where} (${seconds} s)  ${describe(measured)}`);
      } catch (error) {
        failures.push(`${where}: ${(error as Error).message}`);
        progress(`${where} FAILED: ${(error as Error).stack}`);
      }
    }
  }
  const medians = new Map<ContestantName, Figures>();
  for (const [name, all] of figures) if (all.length > 0) medians.set(name, mediansOf(all));
  return medians;
}

/** The median of each figure; of an even number of values the mean of the two in the middle. */
export function mediansOf(all: readonly Figures[]): Figures {
  const keys = Object.keys(all[0] ?? {});
  return Object.fromEntries(
    keys.map((key) => {
      const values = all.map((figures) => figures[key] ?? Number.NaN).sort((a, b) => a - b);
      const half = Math.floor(values.length / 2);
      const upper = values[half] ?? Number.NaN;
      const lower = values.length % 2 === 0 ? (values[half - 1] ?? Number.NaN) : upper;
      return [key, (lower + upper) / 2];
    }),
  );
}

function describe(figures: Figures): string {
  return Object.entries(figures)
    .map(([key, value]) => `${key} ${Number(value.toPrecision(3)).toLocaleString('en')}`)
    .join(', ');
}
