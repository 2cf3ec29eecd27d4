import { join } from 'node:path';
import type { EmbeddedKind } from './database-program.ts';
import { readText, replaceFile } from './lock-record.ts';

/** What database.json says about the database of a data directory. */
export interface DatabaseRecord {
  kind: EmbeddedKind;
  /** Used again if it is free, so that a tool which is connected finds it after a restart. */
  port: number;
  /** The running database; both are absent after an orderly stop. */
  pid?: number;
  processStart?: string;
}

/** Reads DATA_DIR/database.json; undefined if it is missing or not readable as one. */
export async function readDatabaseRecord(dataDir: string): Promise<DatabaseRecord | undefined> {
  try {
    const value: unknown = JSON.parse((await readText(recordFile(dataDir))) ?? 'null');
    if (typeof value !== 'object' || value === null) return undefined;
    const { port } = value as DatabaseRecord;
    return Number.isInteger(port) && port > 0 && port < 65_536
      ? (value as DatabaseRecord)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes DATA_DIR/database.json (mode 0600) in one step. */
export async function writeDatabaseRecord(dataDir: string, record: DatabaseRecord): Promise<void> {
  await replaceFile(recordFile(dataDir), `${JSON.stringify(record, null, 2)}\n`);
}

/** Where the database of a data directory is reached. */
export function databaseUri(port: number): string {
  return `mongodb://127.0.0.1:${port}/eventline?directConnection=true`;
}

function recordFile(dataDir: string): string {
  return join(dataDir, 'database.json');
}
