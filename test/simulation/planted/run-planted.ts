import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RunCrashedError, runMany } from '../run-many.ts';
import { type PlantedFault, plantedFaults } from './faults.ts';
import { plant } from './plant.ts';

const COMPILED = 'build/simulation';
const BUILD = 'build/planted';

interface Found {
  /** The number of seeds it took; undefined if no seed found it. */
  seeds: number | undefined;
  text: string;
}

/**
 * Plants each fault in a copy of the sources, alone, and runs seeds until one breaks a rule. A crash
 * of the runner finds nothing.
 *
 * @returns true if all faults were found
 */
export async function runPlanted(
  { count, only }: { count: number; only: string | undefined },
  print: (text: string) => void,
): Promise<boolean> {
  const names = only?.split(',');
  const chosen = plantedFaults.filter(({ name }) => names?.includes(name) ?? true);
  const needed: number[] = [];
  for (const fault of chosen) {
    const { seeds, text } = await find(fault, count);
    if (seeds !== undefined) needed.push(seeds);
    print(`${fault.name}: ${text}`);
  }
  needed.sort((one, other) => one - other);
  const median = needed[needed.length >> 1];
  print(`${needed.length} of ${chosen.length} found, median ${median} seeds`);
  return chosen.length > 0 && needed.length === chosen.length;
}

async function find(fault: PlantedFault, count: number): Promise<Found> {
  const program = build(fault);
  let seeds = 0;
  let rule: string | undefined;
  const running = runMany(program, { from: 1, count }, ({ violation }) => {
    if (rule === undefined) seeds += 1;
    rule ??= violation?.rule;
    return rule === undefined;
  });
  const crash = await running.catch((error) => {
    if (error instanceof RunCrashedError) return error;
    throw error;
  });
  if (rule !== undefined) return { seeds, text: `${seeds} seeds, ${rule}` };
  return { seeds: undefined, text: crash ? `CRASHED, ${crash.message}` : 'NOT FOUND' };
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
