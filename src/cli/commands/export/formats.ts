import type { JsonObject } from '../../../catalog/json.ts';

/** An event as it is exported. */
export interface ExportedEvent {
  cursor: string;
  id: string;
  typeName: string;
  occurredOn: string;
  receivedAt: string;
  userId: string | null;
  installationId: string | null;
  payload: JsonObject;
}

export interface Format {
  /** The first line, if there is one. */
  heading: string | undefined;
  /** One line, without its end. */
  toLine: (event: ExportedEvent) => string;
  /** The cursor of a line that `toLine` has made, or undefined for another one. */
  cursorOf: (line: string) => string | undefined;
}

const COLUMNS = [
  ...(['cursor', 'id', 'typeName', 'occurredOn', 'receivedAt'] as const),
  ...(['userId', 'installationId', 'payload'] as const),
];

/** How events can be written. */
export const formats = {
  jsonl: {
    heading: undefined,
    toLine: (event) => JSON.stringify(event),
    cursorOf(line) {
      try {
        const cursor = JSON.parse(line)?.cursor;
        return typeof cursor === 'string' ? cursor : undefined;
      } catch {
        return undefined;
      }
    },
  },
  csv: {
    heading: COLUMNS.join(','),
    toLine: (event) => COLUMNS.map((column) => toCell(event[column])).join(','),
    cursorOf: (line) => /^([\w-]+),[\w+/=-]+,/.exec(line)?.[1],
  },
} as const satisfies Record<string, Format>;

/**
 * A cell of CSV (RFC 4180): an event stays one line, since the end of a line tells what was written
 * whole; and what a spreadsheet would take for a formula starts with an apostrophe (OWASP, "CSV
 * Injection").
 */
function toCell(value: string | JsonObject | null): string {
  const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  const flat = inert.replace(/[\r\n]+/g, ' ');
  return /[",]/.test(flat) ? `"${flat.replaceAll('"', '""')}"` : flat;
}
