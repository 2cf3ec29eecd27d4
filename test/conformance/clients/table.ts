import { read } from '../../docs/documents.ts';

export const PAGE = 'docs/guide/graphql-clients.md';

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim());

/** Returns a column of the table of clients in the documentation, by client, without links. */
export function columnOf(title: string): Record<string, string> {
  const lines = read(PAGE).split('\n');
  const start = lines.findIndex((line) => line.startsWith('| client |'));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const [titles = [], , ...rows] = lines.slice(start, end).map(cellsOf);
  const column = titles.indexOf(title);
  if (column < 1) throw new Error(`${PAGE} has no column "${title}"`);
  return Object.fromEntries(rows.map((cells) => [cells[0] ?? '', cells[column] ?? '']));
}
