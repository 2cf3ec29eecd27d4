import type { Report, Table, Target } from './report.ts';

/** Formats a report as Markdown, without a heading. */
export function toMarkdown({ notes, tables, targets }: Report): string {
  return [
    notes.map((note) => `- ${note}`).join('\n'),
    ...tables.map(toTable),
    ...(targets.length > 0 ? [toTargets(targets)] : []),
  ].join('\n\n');
}

/** Formats a table as Markdown. */
export function toTable({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${title}**`,
    '',
    line(columns),
    line(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(row.map(cell))),
  ].join('\n');
}

function toTargets(targets: readonly Target[]): string {
  const rows = targets.map(({ metric, wanted, measured, reached }) => [
    metric,
    wanted,
    measured,
    reached === undefined ? 'not measured' : reached ? 'yes' : '**no**',
  ]);
  return toTable({ title: 'Targets', columns: ['', 'wanted', 'measured', 'reached'], rows });
}

/** Formats a number with three significant digits and commas for thousands. */
export function cell(value: string | number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  return Number(value.toPrecision(3)).toLocaleString('en');
}
