import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
const TAIL_LINES = 15;

/** Returns the file that receives the database's output. */
export function databaseLogFile(dataDir: string): string {
  return join(dataDir, 'database.log');
}

/** Renames a log of over 10 MB to `database.log.1`, replacing the previous one. */
export async function rotateDatabaseLog(dataDir: string): Promise<void> {
  const file = databaseLogFile(dataDir);
  const bytes = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (bytes > MAX_BYTES) await rename(file, `${file}.1`);
}

/** Returns the last lines written to the log after its first `fromBytes` bytes. */
export async function readLogTail(dataDir: string, fromBytes: number): Promise<string> {
  const file = await open(databaseLogFile(dataDir), 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(fromBytes, size - TAIL_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8').trim().split('\n').slice(-TAIL_LINES).join('\n');
  } finally {
    await file.close();
  }
}
