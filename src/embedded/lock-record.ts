import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { identifyProcess } from './identify-process.ts';

/** Content of server.json: the eventline that holds the directory. */
export interface LockRecord {
  pid: number;
  /** Start time of the server: ISO 8601, UTC. */
  startedAt: string;
  /** Distinguishes the process from a later one with the same pid; absent where it is unknown. */
  processStart?: string;
  /** Makes the text of each lock unique. */
  token: string;
  url?: string;
}

/** Tokens of this process's locks. The pid alone is no proof, since containers reuse pids. */
const ownTokens = new Set<string>();

/** Creates a record for this process, alive until `forgetRecord`. */
export async function createRecord(): Promise<LockRecord> {
  const start = (await identifyProcess(process.pid))?.start;
  const token = randomUUID();
  ownTokens.add(token);
  return {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    ...(start === undefined ? {} : { processStart: start }),
    token,
  };
}

/** Marks a record of this process as stale. */
export function forgetRecord(record: LockRecord): void {
  ownTokens.delete(record.token);
}

/** Parses a record; undefined if the text is not a valid one. */
export function parseRecord(text: string): LockRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    return typeof (value as LockRecord).pid === 'number' ? (value as LockRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns true when the process that wrote the record still runs. */
export async function isAlive(record: LockRecord): Promise<boolean> {
  if (record.pid === process.pid) return ownTokens.has(record.token);
  const found = await identifyProcess(record.pid);
  if (found === undefined) return false;
  if (found.start === undefined || record.processStart === undefined) return true;
  return found.start === record.processStart;
}

/** Returns the text of a file, or undefined if it does not exist. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Creates `path` atomically (mode 0600). Returns false if it exists. */
export async function createExclusive(path: string, text: string): Promise<boolean> {
  const temporary = await writeTemporary(path, text);
  try {
    // A hard link appears with its content or not at all; O_EXCL and a write cannot guarantee that.
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Replaces `path` (mode 0600) atomically. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeTemporary(path: string, text: string): Promise<string> {
  const temporary = join(dirname(path), `.tmp-${process.pid}-${randomUUID()}`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    // Without it a power failure may leave the new name with no content.
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}
