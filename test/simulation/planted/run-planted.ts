import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RunCrashedError, runMany } from '../run-many.ts';
import { plantedFaults } from './faults.ts';
import { plant } from './plant.ts';
import type { PlantedFault } from './planted-fault.ts';

const COMPILED = 'build/simulation';
const BUILD = 'build/planted';

/** How a fault fared. */
interface Found {
  /** The seeds that found it, in ascending order, and the rule that the first one broke. */
  seeds: readonly number[];
  rule: string;
  /** Number of seeds that ran. */
  ran: number;
}

export interface PlantedOptions {
  /** Maximum seeds per fault. */
  count: number;
  /** How many seeds have to find a fault until the next one is planted. */
  catches: number;
  /** Names of faults, with commas between them; all by default. */
  only: string | undefined;
}

/**
 * Plants each fault in a copy of the sources, alone, and runs seeds until enough of them break a
 * rule. Prints a row of a table for each. A crash of the runner finds nothing.
 *
 * @returns true if all faults were found
 */
export async function runPlanted(
  { count, catches, only }: PlantedOptions,
  print: (text: string) => void,
): Promise<boolean> {
  const names = only?.split(',');
  const chosen = plantedFaults.filter(({ name }) => names?.includes(name) ?? true);
  const medians: number[] = [];
  print('| fault | broken rule | median seeds | found by |');
  print('| --- | --- | --- | --- |');
  for (const fault of chosen) {
    const { seeds, rule, ran } = await find(fault, { count, catches });
    const needed = seeds.map((seed, index) => seed - (seeds[index - 1] ?? 0));
    const median = medianOf(needed);
    if (median !== undefined) medians.push(median);
    print(`| ${fault.name} | ${rule} | ${median ?? '-'} | ${seeds.length} of ${ran} |`);
  }
  print(`${medians.length} of ${chosen.length} found, median ${medianOf(medians)} seeds`);
  return chosen.length > 0 && medians.length === chosen.length;
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[values.length >> 1];
}

async function find(
  fault: PlantedFault,
  { count, catches }: Omit<PlantedOptions, 'only'>,
): Promise<Found> {
  const program = build(fault);
  const seeds: number[] = [];
  let [ran, rule] = [0, 'NOT FOUND'];
  const running = runMany(program, { from: 1, count }, ({ seed, violation }) => {
    ran += 1;
    if (violation) {
      if (seeds.length === 0) ({ rule } = violation);
      seeds.push(seed);
    }
    return seeds.length < catches;
  });
  await running.catch((error) => {
    if (!(error instanceof RunCrashedError)) throw error;
    if (seeds.length === 0) rule = `CRASHED, ${error.message}`;
  });
  seeds.sort((one, other) => one - other);
  return { seeds, rule, ran };
}

/** Compiles the source with the planted fault beside the others; returns the program that runs seeds. */
function build(fault: PlantedFault): string {
  const folder = join(BUILD, fault.name);
  const path = join(folder, fault.file);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  cpSync(COMPILED, join(folder, 'out'), { recursive: true });
  writeFileSync(path, plant(fault, readFileSync(fault.file, 'utf8')));
  const config = {
    extends: '../../../tsconfig.simulation.json',
    // Nothing but this source is read: its imports have their types elsewhere.
    compilerOptions: { rootDir: '.', outDir: 'out', sourceMap: false, noResolve: true, types: [] },
    include: [],
    files: [fault.file],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const built = spawnSync('npx', ['--no-install', 'tsc', '-p', folder, '--noCheck'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (built.status !== 0) throw new Error(`${fault.name} does not compile`);
  return join(folder, 'out/test/simulation/main.js');
}
