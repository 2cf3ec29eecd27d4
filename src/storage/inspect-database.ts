import mongoose from 'mongoose';
import type { Finding } from '../config/finding.ts';
import { MetaDamagedError } from '../errors.ts';
import { checkCheckpoint } from './check-meta.ts';
import { DURABLE } from './concerns.ts';
import { describeReplicaSet } from './describe-replica-set.ts';
import { FORMAT_VERSION } from './format-version.ts';
import { indexes } from './indexes.ts';
import { inspectLog } from './inspect-log.ts';

type Db = mongoose.mongo.Db;

/** Time limit per step, in milliseconds. */
const TIMEOUT_MS = 5_000;
/** A slow majority write slows down every delivery. */
const SLOW_WRITE_MS = 250;
/** Tokens tolerate 5 seconds of clock skew; receipt times use each instance's own clock. */
const SKEW_WARN_MS = 1_000;
const SKEW_FAIL_MS = 5_000;
const OLDEST_MAJOR = 6;
/** The lists are updated every few seconds, so they are behind by what arrives meanwhile. */
const MAX_LISTS_BEHIND = 5_000;

/**
 * Inspects a database for Eventline without changing it.
 *
 * @param uri as for `openStorage`
 */
export async function inspectDatabase(uri: string): Promise<Finding[]> {
  let client: mongoose.mongo.MongoClient | undefined;
  try {
    client = new mongoose.mongo.MongoClient(uri, {
      appName: 'eventline doctor',
      serverSelectionTimeoutMS: TIMEOUT_MS,
      connectTimeoutMS: TIMEOUT_MS,
      retryWrites: false,
    });
    await client.connect();
    const hasName = /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/.test(uri);
    const db = client.db(hasName ? undefined : 'eventline');
    const findings: Finding[] = [];
    for (const inspection of [
      reached,
      replicaSet,
      clock,
      writeConcern,
      changeStreams,
      format,
      inspectLog,
      indexed,
      waiting,
      lists,
    ]) {
      findings.push(await inspection(db).catch((error: unknown) => failed(inspection.name, error)));
      // Without a primary every further check would fail slowly for the same reason.
      if (inspection === replicaSet && findings.at(-1)?.level === 'fail') break;
    }
    return findings;
  } catch (error) {
    return [failed('reached', error)];
  } finally {
    await client?.close();
  }
}

const titles: Readonly<Record<string, string>> = {
  reached: 'database',
  replicaSet: 'replica set',
  clock: 'clock',
  writeConcern: 'write concern',
  changeStreams: 'change streams',
  format: 'format',
  inspectLog: 'log',
  indexed: 'indexes',
  waiting: 'inbox',
  lists: 'lists',
};
const advice: Readonly<Record<string, string>> = {
  reached:
    'Check MONGODB_URI, the network between here and there, and the user, the password and the replicaSet in it.',
  writeConcern: 'A majority of the members must be up, and the user may write to this database.',
  changeStreams:
    'Give the user the role readWrite on this database; change streams need a replica set.',
};

const NOT_ALLOWED = 'Give the user the role readWrite on this database.';
const MEND_META = 'See docs/operate/backup-and-restore.md#changes-by-hand.';
const UNREADABLE_URI =
  'MONGODB_URI cannot be read. In a user or a password @ / : % are written as %40 %2F %3A %25.';

function failed(inspection: string, error: unknown): Finding {
  const says = error instanceof Error ? error.message : String(error);
  const check = titles[inspection] ?? inspection;
  return { check, level: 'fail', says, todo: adviceFor(inspection, error) };
}

function adviceFor(inspection: string, error: unknown): string {
  // By name: the driver and its URI parser each have a class of this name.
  if (error instanceof Error && error.name === 'MongoParseError') return UNREADABLE_URI;
  if (error instanceof MetaDamagedError) return MEND_META;
  return advice[inspection] ?? NOT_ALLOWED;
}

async function reached(db: Db): Promise<Finding> {
  const startedMs = performance.now();
  const { version } = await db.admin().command({ buildInfo: 1 });
  const tookMs = (performance.now() - startedMs).toFixed(0);
  const says = `version ${version} answers within ${tookMs} ms; the database is ${db.databaseName}`;
  const isOld = Number(String(version).split('.')[0]) < OLDEST_MAJOR;
  return isOld
    ? { check: 'database', level: 'fail', says, todo: `Eventline needs MongoDB ${OLDEST_MAJOR}.` }
    : { check: 'database', level: 'ok', says };
}

async function replicaSet(db: Db): Promise<Finding> {
  return describeReplicaSet(await db.admin().command({ hello: 1 }));
}

async function clock(db: Db): Promise<Finding> {
  const beforeMs = Date.now();
  const { localTime } = await db.admin().command({ hello: 1 });
  const afterMs = Date.now();
  if (!(localTime instanceof Date)) {
    return { check: 'clock', level: 'warn', says: 'the database does not report its time' };
  }
  // The answer was computed at some moment between the two.
  const skewMs = Math.max(0, beforeMs - localTime.getTime(), localTime.getTime() - afterMs);
  const says = `this machine and the database differ by ${skewMs} ms`;
  if (skewMs <= SKEW_WARN_MS) return { check: 'clock', level: 'ok', says };
  const level = skewMs > SKEW_FAIL_MS ? 'fail' : 'warn';
  return {
    check: 'clock',
    level,
    says,
    todo: 'Synchronise both by NTP: tokens and receivedAt depend on them.',
  };
}

async function writeConcern(db: Db): Promise<Finding> {
  const startedMs = performance.now();
  // Matches and writes nothing, but still waits for the majority.
  await db
    .collection<{ _id: string }>('meta')
    .updateOne(
      { _id: 'there is none of this name' },
      { $set: { looked: true } },
      { writeConcern: { ...DURABLE, wtimeoutMS: TIMEOUT_MS } },
    );
  const tookMs = performance.now() - startedMs;
  const says = `a majority with its journal answers within ${tookMs.toFixed(0)} ms`;
  if (tookMs <= SLOW_WRITE_MS) return { check: 'write concern', level: 'ok', says };
  const todo = "Every delivery waits for this: look at the members' disks and their lag.";
  return { check: 'write concern', level: 'warn', says, todo };
}

async function changeStreams(db: Db): Promise<Finding> {
  const stream = db.collection('events').watch([], { maxAwaitTimeMS: 100 });
  try {
    await stream.tryNext();
    return { check: 'change streams', level: 'ok', says: 'can be opened' };
  } finally {
    await stream.close();
  }
}

async function format(db: Db): Promise<Finding> {
  const meta = db.collection<{ _id: string; formatVersion?: number; isClosed?: boolean }>('meta');
  const log = await meta.findOne({ _id: 'log' });
  const check = 'format';
  if (log === null) return { check, level: 'ok', says: 'no log yet; the first start creates it' };
  const says = `${log.formatVersion}; this version reads up to ${FORMAT_VERSION}`;
  if ((log.formatVersion ?? 0) > FORMAT_VERSION) {
    const todo = 'A newer release wrote this log: start that release again.';
    return { check, level: 'fail', says, todo };
  }
  if ((await meta.findOne({ _id: 'bounds' }))?.isClosed) {
    const todo = 'If no "eventline restored" is running, run it again.';
    return { check, level: 'fail', says: `${says}; the log is closed for a restore`, todo };
  }
  return { check, level: 'ok', says };
}

async function indexed(db: Db): Promise<Finding> {
  const there = new Set<string>();
  for (const collection of new Set(indexes.map((one) => one.collection))) {
    const listed = await db.collection(collection).listIndexes().toArray().catch(emptyIfMissing);
    for (const { name } of listed) there.add(`${collection}.${name}`);
  }
  // An existing collection has the index of `_id` at least.
  if (there.size === 0) {
    return { check: 'indexes', level: 'ok', says: 'none yet; the first start creates them' };
  }
  const missing = indexes
    .map(({ collection, name }) => `${collection}.${name}`)
    .filter((name) => !there.has(name));
  // Without it, two instances can give one position to two events.
  const isUnique = missing.includes('events.position_1');
  if (missing.length === 0) return { check: 'indexes', level: 'ok', says: `all ${indexes.length}` };
  return {
    check: 'indexes',
    level: isUnique ? 'fail' : 'warn',
    says: `missing: ${missing.join(', ')}`,
    todo: 'The next start creates them during normal operation; on a large log that takes a while.',
  };
}

async function waiting(db: Db): Promise<Finding> {
  const check = 'inbox';
  const events = await db.collection('inbox').estimatedDocumentCount();
  if (events === 0) return { check, level: 'ok', says: 'no events wait for their position' };
  return {
    check,
    level: 'warn',
    says: `${events} acknowledged ${events === 1 ? 'event waits' : 'events wait'} for their position`,
    todo: 'A running server moves them within seconds. If some stay, see docs/operate/alerts.md.',
  };
}

async function lists(db: Db): Promise<Finding> {
  const check = 'lists';
  const newest = await db
    .collection('events')
    .find({}, { projection: { _id: 0, position: 1 }, sort: { position: -1 }, limit: 1 })
    .next();
  const meta = db.collection<{ _id: string; foldedUpTo?: number }>('meta');
  const checkpoint = checkCheckpoint((await meta.findOne({ _id: 'views' }))?.foldedUpTo ?? 0);
  const behind = Math.max(0, Number(newest?.position ?? 0) - checkpoint);
  if (behind <= MAX_LISTS_BEHIND) {
    return {
      check,
      level: 'ok',
      says: `${behind} ${behind === 1 ? 'event' : 'events'} behind the log`,
    };
  }
  return {
    check,
    level: 'warn',
    says: `users, installations and messages are ${behind} events behind the log`,
    todo: 'A running server catches up within minutes. If it does not, see docs/operate/alerts.md#eventlinelistsbehind.',
  };
}

/** A missing collection has no indexes. */
function emptyIfMissing(error: unknown): { name: string }[] {
  const NAMESPACE_NOT_FOUND = 26;
  if (error instanceof mongoose.mongo.MongoError && error.code === NAMESPACE_NOT_FOUND) return [];
  throw error;
}
