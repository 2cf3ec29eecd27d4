import { LogWentBackError } from '../../errors.ts';
import { mapDatabaseError } from '../../storage/map-database-error.ts';
import type { Collections } from '../../storage/models.ts';
import { isInLog } from '../read/is-in-log.ts';
import type { LogTailer } from './types.ts';

/**
 * Refuses a log that ends before a position which the projections contain. Its next events would
 * take positions that readers have passed.
 *
 * @throws LogWentBackError
 */
export async function ensureReached(
  { events }: Pick<Collections, 'events'>,
  tailer: Pick<LogTailer, 'head' | 'catchUp'>,
  foldedUpTo: number,
): Promise<void> {
  if (!(foldedUpTo > tailer.head())) return;
  // Another instance may be ahead.
  const head = await tailer.catchUp();
  if (foldedUpTo <= head || (await mapDatabaseError(isInLog(events, foldedUpTo)))) return;
  throw new LogWentBackError(
    `The log ends at position ${head}, but the lists contain position ${foldedUpTo}: published events were lost.`,
  );
}
