import { join } from 'node:path';
import { checkOwner } from './check-owner.ts';
import type { EmbeddedKind } from './database-program.ts';
import { readText, replaceFile } from './lock-record.ts';

/** Content of database.json in a data directory. */
export interface DatabaseRecord {
  kind: EmbeddedKind;
  /** Reused if it is free, so that connected tools find the database after a restart. */
  port: number;
  /** The running database; absent after a graceful stop. */
  pid?: number;
  processStart?: string;
}

/**
 * Reads DATA_DIR/database.json; undefined if it is missing or invalid.
 * @throws DirectoryOwnerError if the directory belongs to another user
 */
export async function readDatabaseRecord(dataDir: string): Promise<DatabaseRecord | undefined> {
  await checkOwner(dataDir);
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

/** Writes DATA_DIR/database.json (mode 0600) atomically. */
export async function writeDatabaseRecord(dataDir: string, record: DatabaseRecord): Promise<void> {
  await replaceFile(recordFile(dataDir), `${JSON.stringify(record, null, 2)}\n`);
}

/** Returns the URI of the embedded database. */
export function databaseUri(port: number): string {
  return `mongodb://127.0.0.1:${port}/eventline?directConnection=true`;
}

function recordFile(dataDir: string): string {
  return join(dataDir, 'database.json');
}
