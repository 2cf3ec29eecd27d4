import type { Goal, Report, Table } from './report.ts';

/** A report as Markdown, without a heading of its own. */
export function toMarkdown({ notes, tables, goals }: Report): string {
  return [
    notes.map((note) => `- ${note}`).join('\n'),
    ...tables.map(toTable),
    ...(goals.length > 0 ? [toGoals(goals)] : []),
  ].join('\n\n');
}

function toTable({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${title}**`,
    '',
    line(columns),
    line(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(row.map(cell))),
  ].join('\n');
}

function toGoals(goals: readonly Goal[]): string {
  const rows = goals.map(({ what, wanted, got, reached }) => [
    what,
    wanted,
    got,
    reached === undefined ? 'not measured' : reached ? 'yes' : '**no**',
  ]);
  return toTable({ title: 'To be reached', columns: ['', 'wanted', 'got', 'reached'], rows });
}

/** A number with three significant digits, and a comma for thousands. */
export function cell(value: string | number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (typeof value === 'string') return value;
  return Number(value.toPrecision(3)).toLocaleString('en');
}
