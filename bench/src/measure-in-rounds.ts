import type { Bench } from './bench.ts';
import { type Contestant, type ContestantName, contestants } from './contestants.ts';

/** What was measured of one contestant in one round, by name. */
export type Figures = Record<string, number>;

/** The figures of each round or slice, in the order of the contestants. */
export type Rounds = ReadonlyMap<ContestantName, readonly Figures[]>;

/** The medians over all rounds, in the order of the contestants. */
export type Medians = ReadonlyMap<ContestantName, Figures>;

/**
 * Measures the contestants one after the other, round after round. Each round begins with another
 * contestant, so that other load on the machine affects all of them. A contestant that fails is
 * added to `failures`, and its round is left out.
 */
export async function measureInRounds(
  bench: Bench,
  { names, label }: { names: readonly ContestantName[]; label: string },
  measure: (contestant: Contestant) => Promise<Figures>,
): Promise<Medians> {
  const { options, progress, failures } = bench;
  const participants = names.filter((name) => options.only?.includes(name) ?? true);
  const figures = new Map<ContestantName, Figures[]>(participants.map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    const first = round % Math.max(1, participants.length);
    for (const name of [...participants.slice(first), ...participants.slice(0, first)]) {
      const startedMs = performance.now();
      const step = `${label}, round ${round + 1} of ${options.rounds}: ${name}`;
      try {
        const measured = await measure(contestants[name]);
        figures.get(name)?.push(measured);
        const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
        progress(`${step} (${seconds} s)  ${describeFigures(measured)}`);
      } catch (error) {
        failures.push(`${step}: ${(error as Error).message}`);
        progress(`${step} FAILED: ${(error as Error).stack}`);
      }
    }
  }
  return mediansOfRounds(figures);
}

/** Returns the medians of each contestant that was measured. */
export function mediansOfRounds(rounds: Rounds): Medians {
  const medians = new Map<ContestantName, Figures>();
  for (const [name, all] of rounds) if (all.length > 0) medians.set(name, mediansOf(all));
  return medians;
}

/**
 * Returns the median over the rounds of one figure of a contestant to that of another in the same
 * round; undefined without a round that has both.
 */
export function medianRatio(
  rounds: Rounds,
  [one, other]: readonly [ContestantName, ContestantName],
  key: string,
): number | undefined {
  const others = rounds.get(other) ?? [];
  const ratios = (rounds.get(one) ?? []).map((figures, round) => ({
    ratio: (figures?.[key] ?? Number.NaN) / (others[round]?.[key] ?? Number.NaN),
  }));
  return ratios.length === 0 ? undefined : mediansOf(ratios).ratio;
}

/**
 * Returns the median of each figure over the rounds that have it; for an even number of rounds, the
 * mean of the two middle values.
 */
export function mediansOf(all: readonly Figures[]): Figures {
  const keys = new Set(all.flatMap((figures) => Object.keys(figures ?? {})));
  return Object.fromEntries(
    [...keys].map((key) => {
      const values = all
        .map((figures) => figures?.[key] ?? Number.NaN)
        .filter(Number.isFinite)
        .sort((a, b) => a - b);
      const half = Math.floor(values.length / 2);
      const upper = values[half] ?? Number.NaN;
      const lower = values.length % 2 === 0 ? (values[half - 1] ?? Number.NaN) : upper;
      return [key, (lower + upper) / 2];
    }),
  );
}

/** Formats figures in one line of progress. */
export function describeFigures(figures: Figures): string {
  return Object.entries(figures)
    .map(([key, value]) => `${key} ${Number(value.toPrecision(3)).toLocaleString('en')}`)
    .join(', ');
}
