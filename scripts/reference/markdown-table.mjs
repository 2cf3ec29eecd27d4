/** Formats a Markdown table. Line breaks become spaces, and a pipe in a cell is escaped. */
export function markdownTable(columns, rows) {
  const line = (cells) => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

function escapeCell(text) {
  return String(text ?? '')
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');
}
