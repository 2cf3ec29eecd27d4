import { createHash } from 'node:crypto';
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkOwner } from './check-owner.ts';
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
  /** Publishes where this server listens. */
  update(info: { url?: string }): Promise<void>;
  /** Releases the directory. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Locks `dataDir` for this process by writing `server.json` in it; creates it with mode 0700 if it
 * is missing. The lock of a process that no longer runs is taken over; of several contenders one
 * wins.
 *
 * @throws DirectoryInUseError if another running eventline, or another lock of this process, holds
 * it; DirectoryOwnerError if it belongs to another user.
 */
export async function lockDirectory(dataDir: string): Promise<DirectoryLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await checkOwner(dataDir);
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

/**
 * Returns the eventline that runs on `dataDir`, with its URL once it listens; else undefined.
 * @throws DirectoryOwnerError if it belongs to another user
 */
export async function readServerInfo(
  dataDir: string,
): Promise<{ pid: number; url?: string } | undefined> {
  await checkOwner(dataDir);
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
    const outcome = await takeOver(directory, file, text, mine);
    if (outcome === 'won') return;
    if (outcome !== 'changed' && Date.now() > deadline) {
      throw new DirectoryInUseError(directory, outcome);
    }
    await delay(20);
  }
}

/**
 * Replaces the stale lock `stale`. The right to do so is a claim: a file named after the text of
 * that lock, which only one process can create. Deleting the stale lock instead would let a slow
 * contender delete the winner's new lock. A claim whose owner died is claimed in the same way.
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
    const holder = parseRecord(text);
    if (holder !== undefined && (await isAlive(holder))) return holder;
    claim = claimFile(directory, text);
  }
  // The claim may be too late. Only its owner replaces `stale`, so the text cannot change after
  // this check.
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

/** Each remaining claim names a lock that no longer exists, so it has no effect. */
async function removeClaims(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.startsWith('.claim-'));
  await Promise.all(names.map((name) => rm(join(directory, name), { force: true })));
}

function toText(record: LockRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
