import { printable } from './terminal.ts';

/** Returns lines of columns padded to their widest cell; the last column is not padded. */
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

/** A human-readable time: UTC, to the second. */
export function shortTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** `1 delivery`, `2 deliveries`. */
export function deliveries(count: number): string {
  return count === 1 ? '1 delivery' : `${count} deliveries`;
}
