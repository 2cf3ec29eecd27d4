import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import type { Report } from './report.ts';
import { toMarkdown } from './to-markdown.ts';
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
 * Writes a report as JSON, Markdown and SVG into `results/`, and into the README; what was quick, or
 * left someone out, into `results/quick/` alone.
 * @returns the directory
 */
export async function writeResults(report: Report, about: Circumstances): Promise<string> {
  const directory = join(BENCH, 'results', ...(about.isWhole ? [] : ['quick']));
  await mkdir(directory, { recursive: true });
  const { work } = report;
  const markdown = `${describe(about)}\n\n${toMarkdown(report)}`;
  await writeFile(join(directory, `${work}.md`), `# ${report.title}\n\n${markdown}\n`);
  const json = JSON.stringify({ ...about, ...report }, null, 2);
  await writeFile(join(directory, `${work}.json`), `${json}\n`);
  for (const plot of report.plots) {
    await writeFile(join(directory, `${work}-${plot.name}.svg`), await toSvg(plot));
  }
  if (about.isWhole) await show(report, markdown);
  return directory;
}

/** Puts a report between its marks in the README. */
async function show({ work, plots }: Report, markdown: string): Promise<void> {
  const text = await readFile(README, 'utf8');
  const begin = `<!-- ${work} -->`;
  const end = `<!-- /${work} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no place for ${work}`);
  const images = plots.map(({ name, title }) => `![${title}](results/${work}-${name}.svg)`);
  const shown = [begin, markdown, '', images.join('\n'), ''].join('\n');
  await writeFile(README, text.slice(0, from) + shown + text.slice(to));
}
