import { z } from 'zod';
import type { JsonObject } from '../../../catalog/json.ts';
import { toJsonLine } from '../../../catalog/json-line.ts';
import { cursor, jsonObject } from '../../ask-graphql.ts';

/** The shape of an exported event. */
export const exportedEvent = z.object({
  cursor,
  id: z.string(),
  typeName: z.string(),
  occurredOn: z.string(),
  receivedAt: z.string(),
  userId: z.string().nullable(),
  installationId: z.string().nullable(),
  payload: jsonObject,
  /** Undeclared members of the delivery; null for none. JSON lines only. */
  envelope: jsonObject.nullish(),
});

export type ExportedEvent = z.infer<typeof exportedEvent>;

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

/** What a spreadsheet runs as a formula at the beginning of a cell (OWASP, "CSV Injection"). */
const FORMULA = '[=+\\-@\\t\\r]';
const FORMULA_AT_START = new RegExp(`^${FORMULA}`);
/** Many spreadsheets, such as Spanish ones, separate cells by semicolons. */
const FORMULA_IN_TEXT = new RegExp(`([;\\t]"*)(?=${FORMULA})`, 'g');
const FORMULA_IN_JSON = new RegExp(`;(${FORMULA})`, 'g');

/**
 * Returns a CSV cell (RFC 4180). Control characters are removed, so that a line break marks a complete
 * event. A text that a spreadsheet would run as a formula gets an apostrophe, also behind a semicolon or
 * a tab; JSON gets an escape there, so that it parses to the same value.
 */
function toCell(value: string | JsonObject | null): string {
  const inert =
    typeof value === 'string' ? inertText(value) : value === null ? '' : inertJson(value);
  const flat = inert.replace(CONTROLS, ' ');
  return /[",]/.test(flat) ? `"${flat.replaceAll('"', '""')}"` : flat;
}

function inertText(text: string): string {
  const start = FORMULA_AT_START.test(text) ? `'${text}` : text;
  return start.replace(FORMULA_IN_TEXT, "$1'");
}

/** JSON has semicolons within strings only, and none in an escape. */
function inertJson(value: JsonObject): string {
  return toJsonLine(JSON.stringify(value)).replace(
    FORMULA_IN_JSON,
    (_, character: string) => `;\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
