import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import { workNames } from '../works.ts';
import type { Report } from './report.ts';
import { toMarkdown } from './to-markdown.ts';
import { type Result, withSummary } from './to-summary.ts';
import { toSvg } from './to-svg.ts';

const BENCH = join(import.meta.dirname, '../..');
const README = join(BENCH, 'README.md');

/** Under what circumstances a report came about. */
export interface Circumstances {
  machine: Machine;
  database: string;
  rounds: number;
  /** The day, UTC. */
  date: string;
  /** Nothing was left out: the figures may be shown. */
  isWhole: boolean;
}

/** One line about the circumstances. */
export function describe({ machine, database, rounds, date }: Circumstances): string {
  const { cpu, cores, memoryGb, node, platform, loadBefore } = machine;
  return `${date}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}; ${database}; medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; load average before: ${loadBefore}.`;
}

/**
 * Writes a report as JSON, Markdown and SVG into `results/`, and updates the summary in the README.
 * What was quick, or left a contestant out, goes to `results/quick/` only.
 * @returns the directory
 */
export async function writeResults(report: Report, about: Circumstances): Promise<string> {
  const directory = join(BENCH, 'results', ...(about.isWhole ? [] : ['quick']));
  await mkdir(directory, { recursive: true });
  const { work, title, plots } = report;
  const images = plots.map((plot) => `![${plot.title}](${work}-${plot.name}.svg)`);
  const parts = [`# ${title}`, describe(about), toMarkdown(report), ...images];
  await writeFile(join(directory, `${work}.md`), `${parts.join('\n\n')}\n`);
  const json = JSON.stringify({ ...about, ...report }, null, 2);
  await writeFile(join(directory, `${work}.json`), `${json}\n`);
  for (const plot of plots) {
    await writeFile(join(directory, `${work}-${plot.name}.svg`), await toSvg(plot));
  }
  if (about.isWhole) await updateSummary();
  return directory;
}

async function updateSummary(): Promise<void> {
  const results: Result[] = [];
  for (const work of workNames) {
    const file = join(BENCH, 'results', `${work}.json`);
    if (existsSync(file)) results.push(JSON.parse(await readFile(file, 'utf8')));
  }
  await writeFile(README, withSummary(await readFile(README, 'utf8'), results));
}
