import type mongoose from 'mongoose';
import type { Finding } from '../config/finding.ts';
import { MetaDamagedError } from '../errors.ts';
import { checkBounds, checkCheckpoint, checkErasureState, checkLogDocument } from './check-meta.ts';
import type { BoundsDocument, ErasureStateDocument, MetaDocument } from './documents.ts';
import type { ProjectionStateDocument } from './projection-documents.ts';

type Db = mongoose.mongo.Db;

const check = 'log';
/** Time limit of the count, in milliseconds; it reads the whole index of positions. */
const COUNT_MS = 30_000;
const RUN_RESTORED =
  'Events were deleted or inserted by hand, or restored from a backup: run "eventline restored".';

/**
 * Judges the documents of `meta`, and whether every position has an event.
 *
 * @throws MetaDamagedError
 */
export async function inspectLog(db: Db): Promise<Finding> {
  const events = db.collection('events');
  const last = await events
    .find(
      { position: { $gt: 0 } },
      { sort: { position: -1 }, limit: 1, projection: { position: 1 } },
    )
    .next();
  const { removedUpTo = 0, gaps = [], foldedUpTo } = await readMeta(db, last !== null);
  const end = Number(last?.position ?? 0);
  const gapEnd = gaps.at(-1)?.upTo ?? 0;
  if (foldedUpTo > Math.max(end, gapEnd, removedUpTo)) {
    const says = `the log ends at position ${end}, but the lists contain position ${foldedUpTo}`;
    return { check, level: 'fail', says, todo: RUN_RESTORED };
  }
  const inGaps = gaps
    .map(({ after, upTo }) => Math.min(upTo, end) - Math.max(after, removedUpTo))
    .reduce((sum, width) => sum + Math.max(0, width), 0);
  const expected = Math.max(0, end - removedUpTo) - inGaps;
  const found = await events.countDocuments(
    { position: { $gt: removedUpTo, $lte: end } },
    { maxTimeMS: COUNT_MS },
  );
  if (found === expected) return { check, level: 'ok', says: `${found} events, without a hole` };
  const says = `${expected} positions up to ${end} must have an event, ${found} have one`;
  return { check, level: 'fail', says, todo: RUN_RESTORED };
}

async function readMeta(db: Db, hasEvents: boolean) {
  const find = <T extends { _id: string }>(id: T['_id']) =>
    db.collection<T>('meta').findOne({ _id: id } as never) as Promise<T | null>;
  const log = await find<MetaDocument>('log');
  if (log !== null) checkLogDocument(log);
  else if (hasEvents) throw new MetaDamagedError('log', 'it is missing, and there are events');
  const erasures = await find<ErasureStateDocument>('erasures');
  if (erasures !== null) checkErasureState(erasures);
  else if ((await db.collection('erasures').findOne({})) !== null) {
    throw new MetaDamagedError('erasures', 'it is missing, and there are erased users');
  }
  const { foldedUpTo = 0 } = (await find<ProjectionStateDocument>('views')) ?? {};
  const bounds = checkBounds(await find<BoundsDocument>('bounds'));
  return { ...bounds, foldedUpTo: checkCheckpoint(foldedUpTo) };
}
