import type { JsonObject } from '../../../catalog/json.ts';
import { toJsonLine } from '../../../catalog/json-line.ts';

/** An exported event. */
export interface ExportedEvent {
  cursor: string;
  id: string;
  typeName: string;
  occurredOn: string;
  receivedAt: string;
  userId: string | null;
  installationId: string | null;
  payload: JsonObject;
  /** Undeclared members of the delivery; null for none. JSON lines only. */
  envelope?: JsonObject | null;
}

export interface Format {
  /** The header line, if the format has one. */
  heading: string | undefined;
  /** Returns one line without its line break. */
  toLine: (event: ExportedEvent) => string;
  /** Returns the cursor of a line written by `toLine`, or undefined for any other line. */
  cursorOf: (line: string) => string | undefined;
}

/** Line breaks, and what else a terminal would obey: all control characters but the tab. */
const CONTROLS = /(?:[\p{Zl}\p{Zp}]|(?!\t)\p{Cc})+/gu;

const COLUMNS = [
  ...(['cursor', 'id', 'typeName', 'occurredOn', 'receivedAt'] as const),
  ...(['userId', 'installationId', 'payload'] as const),
];

/** The export formats. */
export const formats = {
  jsonl: {
    heading: undefined,
    toLine: ({ envelope, ...event }) =>
      toJsonLine(JSON.stringify({ ...event, ...(envelope && { envelope }) })),
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
 * Returns a CSV cell (RFC 4180). Control characters are removed, so that a line break marks a complete
 * event. A value that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, "CSV
 * Injection").
 */
function toCell(value: string | JsonObject | null): string {
  const text =
    typeof value === 'string' ? value : value === null ? '' : toJsonLine(JSON.stringify(value));
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  const flat = inert.replace(CONTROLS, ' ');
  return /[",]/.test(flat) ? `"${flat.replaceAll('"', '""')}"` : flat;
}
