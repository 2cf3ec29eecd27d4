import type { Target } from './report.ts';
import { cell } from './to-markdown.ts';

/** The part of `results/<task>.json` that the summary needs. */
export interface Result {
  task: string;
  title: string;
  date: string;
  targets: readonly Target[];
}

/** Formats the targets of all tasks as one table. */
export function toSummary(results: readonly Result[]): string {
  const rows = results.flatMap(({ task, title, date, targets }) => {
    const link = `[${title}](results/${task}.md), ${date}`;
    if (targets.length === 0) return [`| ${link} | no targets | | | |`];
    return targets.map(({ metric, wanted, measured, reached }, index) => {
      const verdict = reached === undefined ? 'not measured' : reached ? 'yes' : 'no';
      return `| ${index === 0 ? link : ''} | ${metric} | ${wanted} | ${cell(measured)} | ${verdict} |`;
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
 * Inserts the summary between its markers in the bench's README.
 *
 * @throws Error when the markers are missing
 */
export function withSummary(readme: string, results: readonly Result[]): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from)
    throw new Error('bench/README.md: expected <!-- summary --> and <!-- /summary -->');
  return `${readme.slice(0, from)}${BEGIN}\n${toSummary(results)}\n\n${readme.slice(to)}`;
}
