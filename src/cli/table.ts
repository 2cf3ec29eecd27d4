/** Lines of columns, each as wide as its widest cell; the last one is left as it is. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths = cells.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Text that may quote names from outside, without what a terminal would obey. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

/** A time for people: UTC, to the second. */
export function shortTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** `1 delivery`, `2 deliveries`. */
export function deliveries(count: number): string {
  return count === 1 ? '1 delivery' : `${count} deliveries`;
}
