import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import { taskNames } from '../task-names.ts';
import type { Report } from './report.ts';
import { toMarkdown } from './to-markdown.ts';
import { type Result, withSummary } from './to-summary.ts';

const BENCH = join(import.meta.dirname, '../..');
const README = join(BENCH, 'README.md');

/** The conditions of a run. */
export interface RunConditions {
  machine: Machine;
  database: string;
  rounds: number;
  /** Day of the run, UTC. */
  date: string;
  /** False when something was left out: such results are not published. */
  isComplete: boolean;
}

/** Describes the conditions in one line. */
export function describe({ machine, database, rounds, date }: RunConditions): string {
  const { cpu, cores, memoryGb, node, platform, loadBefore } = machine;
  return `${date}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}; ${database}; medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; load average before: ${loadBefore}.`;
}

/**
 * Writes a report as JSON, Markdown and SVG into `results/`, and updates the summary in the README.
 * Incomplete results go to `results/quick/` only, without SVG.
 *
 * @returns the directory
 */
export async function writeResults(report: Report, about: RunConditions): Promise<string> {
  const directory = join(BENCH, 'results', ...(about.isComplete ? [] : ['quick']));
  await mkdir(directory, { recursive: true });
  const { task, title } = report;
  const plots = about.isComplete ? report.plots : [];
  const images = plots.map((plot) => `![${plot.title}](${task}-${plot.name}.svg)`);
  const parts = [`# ${title}`, describe(about), toMarkdown(report), ...images];
  await writeFile(join(directory, `${task}.md`), `${parts.join('\n\n')}\n`);
  const json = JSON.stringify({ ...about, ...report }, null, 2);
  await writeFile(join(directory, `${task}.json`), `${json}\n`);
  for (const plot of plots) {
    // Loaded when needed, because the packages that draw are large.
    const { toSvg } = await import('./to-svg.ts');
    await writeFile(join(directory, `${task}-${plot.name}.svg`), await toSvg(plot));
  }
  if (about.isComplete) await updateSummary();
  return directory;
}

async function updateSummary(): Promise<void> {
  const results: Result[] = [];
  for (const task of taskNames) {
    const file = join(BENCH, 'results', `${task}.json`);
    if (existsSync(file)) results.push(JSON.parse(await readFile(file, 'utf8')));
  }
  await writeFile(README, withSummary(await readFile(README, 'utf8'), results));
}
