import { createHash } from 'node:crypto';
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DirectoryInUseError } from './errors.ts';
import {
  createExclusive,
  createRecord,
  forgetRecord,
  isAlive,
  type LockRecord,
  parseRecord,
  readText,
  replaceFile,
} from './lock-record.ts';

const LOCK_FILE = 'server.json';
const TAKE_OVER_TIMEOUT_MS = 10_000;

export interface DirectoryLock {
  /** Tells other processes more about this server: where it listens. */
  update(info: { url?: string }): Promise<void>;
  /** Gives the directory back. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Takes `dataDir` for this process (made with mode 0700 if it is missing) by writing
 * `server.json` in it. The lock of a process that is gone, however it ended, is taken over; of
 * several who try, one gets it.
 *
 * @throws DirectoryInUseError if another live eventline, or another lock of this process, has it.
 */
export async function lockDirectory(dataDir: string): Promise<DirectoryLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const directory = await realpath(dataDir);
  const file = join(directory, LOCK_FILE);
  let record = await createRecord();
  try {
    await acquire(directory, file, record);
  } catch (error) {
    forgetRecord(record);
    throw error;
  }
  let released = false;
  return {
    async update(info) {
      if (released) return;
      record = { ...record, ...info };
      await replaceFile(file, toText(record));
    },
    async release() {
      if (released) return;
      released = true;
      const current = parseRecord((await readText(file)) ?? '');
      if (current?.token === record.token) await rm(file, { force: true });
      forgetRecord(record);
    },
  };
}

/** The eventline that runs on `dataDir` now, with its address once it listens; else undefined. */
export async function readServerInfo(
  dataDir: string,
): Promise<{ pid: number; url?: string } | undefined> {
  const record = parseRecord((await readText(join(dataDir, LOCK_FILE))) ?? '');
  if (record === undefined || !(await isAlive(record))) return undefined;
  return record.url === undefined ? { pid: record.pid } : { pid: record.pid, url: record.url };
}

async function acquire(directory: string, file: string, mine: LockRecord): Promise<void> {
  const deadline = Date.now() + TAKE_OVER_TIMEOUT_MS;
  for (;;) {
    if (await createExclusive(file, toText(mine))) return;
    const text = await readText(file);
    if (text === undefined) continue;
    const holder = parseRecord(text);
    if (holder !== undefined && (await isAlive(holder))) {
      throw new DirectoryInUseError(directory, holder);
    }
    const rival = await takeOver(directory, file, text, mine);
    if (rival === 'won') return;
    if (rival !== 'changed' && Date.now() > deadline) {
      throw new DirectoryInUseError(directory, rival);
    }
    await delay(20);
  }
}

/**
 * Replaces the stale lock `stale`. The right to do so is a claim: a file named after the text of
 * the very lock it replaces, which can be created once. Removing the stale lock instead would let
 * a slow racer remove the lock of the one who was faster. A claim whose owner died is itself
 * claimed in the same way.
 */
async function takeOver(
  directory: string,
  file: string,
  stale: string,
  mine: LockRecord,
): Promise<'won' | 'changed' | LockRecord> {
  let claim = claimFile(directory, stale);
  while (!(await createExclusive(claim, toText(mine)))) {
    const text = await readText(claim);
    if (text === undefined) return 'changed';
    const rival = parseRecord(text);
    if (rival !== undefined && (await isAlive(rival))) return rival;
    claim = claimFile(directory, text);
  }
  // The claim may have come too late: only its owner replaces `stale`, so this cannot change now.
  if ((await readText(file)) !== stale) {
    await rm(claim, { force: true });
    return 'changed';
  }
  await replaceFile(file, toText(mine));
  await removeClaims(directory);
  return 'won';
}

function claimFile(directory: string, text: string): string {
  return join(directory, `.claim-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`);
}

/** Every claim left is on a lock that is no longer there, and can win nothing. */
async function removeClaims(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.startsWith('.claim-'));
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}

function toText(record: LockRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
