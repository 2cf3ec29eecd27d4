import type { MetaDocument } from './documents.ts';
import { mapDatabaseError } from './map-database-error.ts';
import type { Collection } from './models.ts';

/** The version of what lies in the database; a higher one is refused, never guessed at. */
export const FORMAT_VERSION = 4;
/**
 * The version from which on positions may be missing at the start (retention) and in gaps
 * (restores). An Eventline that knows only 1 would give them out again.
 */
export const FORMAT_WITH_BOUNDS = 2;
/** From which on users may be erased. An Eventline that knows only 2 would take them in again. */
export const FORMAT_WITH_ERASURES = 3;

/** From which on there are derived documents. An Eventline that knows only 3 would not erase in them. */
export const FORMAT_WITH_VIEWS = 4;

/**
 * Keeps the versions away that would not understand what is written next.
 * @throws LogUnavailableError when the database is away
 */
export async function raiseFormatVersion(
  meta: Collection<MetaDocument>,
  version: number,
): Promise<void> {
  await mapDatabaseError(meta.updateOne({ _id: 'log' }, { $max: { formatVersion: version } }));
}
