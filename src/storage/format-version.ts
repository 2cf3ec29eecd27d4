import type { MetaDocument } from './documents.ts';
import { mapDatabaseError } from './map-database-error.ts';
import type { Collection } from './models.ts';

/** Version of the stored data; a higher one is refused. */
export const FORMAT_VERSION = 5;
/**
 * From this version on positions may be missing at the start (retention) and in gaps (restores). A
 * release that knows only version 1 would assign them again.
 */
export const FORMAT_WITH_BOUNDS = 2;
/**
 * From this version on users may be erased. A release that knows only version 2 would accept their
 * events again.
 */
export const FORMAT_WITH_ERASURES = 3;

/**
 * From this version on projections exist. A release that knows only version 3 would not erase them.
 */
export const FORMAT_WITH_PROJECTIONS = 4;

/**
 * From this version on acknowledged events may wait in the inbox. A release that knows only version
 * 4 would neither move nor erase them.
 */
export const FORMAT_WITH_INBOX = 5;

/**
 * Raises the stored version, which keeps out releases that would misread the data written next.
 * @throws LogUnavailableError when the database is unavailable
 */
export async function raiseFormatVersion(
  meta: Collection<MetaDocument>,
  version: number,
): Promise<void> {
  await mapDatabaseError(meta.updateOne({ _id: 'log' }, { $max: { formatVersion: version } }));
}
