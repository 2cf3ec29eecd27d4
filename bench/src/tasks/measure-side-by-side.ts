import type { Bench } from '../bench.ts';
import { type ContestantName, contestants } from '../contestants.ts';
import { describeFigures, type Figures, type Rounds } from '../measure-in-rounds.ts';
import { type Instances, openInstances } from './open-instances.ts';

/** A kind of measurement, in short slices. */
export interface Part {
  name: Exclude<keyof Instances, 'close'>;
  slices: number;
  /** Length of a slice, in milliseconds. */
  ms: number;
}

/**
 * Measures contestants that run side by side: slice after slice, one contestant after the other. What
 * else the machine does changes within seconds, and so affects the slices of all alike.
 *
 * @param parts in their order, each with the contestants that take part
 * @returns the figures of each slice; slices of different parts with the same number are merged
 */
export async function measureSideBySide(
  bench: Bench,
  names: readonly ContestantName[],
  parts: readonly (Part & { names: readonly ContestantName[] })[],
): Promise<Rounds> {
  const { options, progress, failures } = bench;
  const participants = names.filter((name) => options.only?.includes(name) ?? true);
  const all = new Map<ContestantName, Figures[]>(participants.map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    const opened = new Map<ContestantName, Instances>();
    const step = `instances, round ${round + 1} of ${options.rounds}`;
    try {
      for (const name of participants) {
        opened.set(name, await openInstances(bench, contestants[name]));
      }
      for (const { name: part, slices, ms, names: measured } of parts) {
        for (let slice = 0; slice < slices; slice += 1) {
          for (const name of rotated(participants, slice)) {
            if (!measured.includes(name)) continue;
            const figures = await opened.get(name)?.[part](ms);
            const index = round * Math.max(...parts.map((one) => one.slices)) + slice;
            const list = all.get(name) ?? [];
            list[index] = { ...list[index], ...figures };
            progress(`${step}, ${part} ${slice + 1}: ${name}  ${describeFigures(figures ?? {})}`);
          }
        }
      }
    } catch (error) {
      failures.push(`${step}: ${(error as Error).message}`);
      progress(`${step} FAILED: ${(error as Error).stack}`);
    } finally {
      for (const instances of opened.values()) await instances.close();
    }
  }
  return all;
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const first = by % Math.max(1, items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}
