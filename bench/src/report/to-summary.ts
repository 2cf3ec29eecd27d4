import type { Goal } from './report.ts';
import { cell } from './to-markdown.ts';

/** What the summary needs of `results/<work>.json`. */
export interface Result {
  work: string;
  title: string;
  date: string;
  goals: readonly Goal[];
}

/** One table over all tasks: each target, and whether it was reached. */
export function toSummary(results: readonly Result[]): string {
  const rows = results.flatMap(({ work, title, date, goals }) => {
    const task = `[${title}](results/${work}.md), ${date}`;
    if (goals.length === 0) return [`| ${task} | no targets | | | |`];
    return goals.map(({ what, wanted, got, reached }, index) => {
      const verdict = reached === undefined ? 'not measured' : reached ? 'yes' : 'no';
      return `| ${index === 0 ? task : ''} | ${what} | ${wanted} | ${cell(got)} | ${verdict} |`;
    });
  });
  return [
    '| task | target | wanted | measured | reached |',
    '| --- | --- | --- | ---: | --- |',
    ...rows,
  ].join('\n');
}

const BEGIN = '<!-- summary -->\n';
const END = '<!-- /summary -->';

/**
 * Puts the summary between its marks in the bench's README.
 *
 * @throws Error when the marks are missing
 */
export function withSummary(readme: string, results: readonly Result[]): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error('bench/README.md has no marks for the summary');
  return `${readme.slice(0, from)}${BEGIN}\n${toSummary(results)}\n\n${readme.slice(to)}`;
}
