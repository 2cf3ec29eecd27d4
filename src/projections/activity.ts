import { MAX_TIME_MS } from '../log/read/log-reader.ts';
import { CREDIBLE_INSTANT } from '../storage/credible-instant.ts';
import { isOneOf } from '../storage/is-one-of.ts';
import type { Collections } from '../storage/models.ts';
import type { SnapshotRead } from './snapshot-read.ts';

/** What may be seen: everything, or the events of these users only. */
export interface Visibility {
  readonly userIds?: readonly string[] | undefined;
}

/** Number of events of a subject, and their period. */
export interface Activity {
  /** The earliest and latest credible instants. */
  firstSeen: Date;
  lastSeen: Date;
  /** By event type as stored in the log, most frequent first. */
  counts: { type: string; count: number; firstOn: Date; lastOn: Date }[];
}

interface Row {
  _id: { key: string; type: string };
  count: number;
  firstOn: Date;
  lastOn: Date;
}

/**
 * Counts the events of users or installations in the database, by the index of that key. A key
 * without events is missing from the result.
 */
export function readActivity(
  { events }: Pick<Collections, 'events'>,
  readSnapshot: SnapshotRead,
  {
    key,
    ids,
    visibility,
    viewer,
  }: {
    key: 'userId' | 'installationId';
    ids: readonly string[];
    visibility: Visibility;
    viewer?: string | undefined;
  },
): Promise<Map<string, Activity>> {
  return readSnapshot(async ({ after, upTo }) => {
    const rows = await events
      .aggregate<Row>(
        [
          {
            $match: {
              ...(visibility.userIds &&
                key !== 'userId' && { userId: isOneOf(visibility.userIds) }),
              [key]: isOneOf(ids),
              position: { $gt: after, $lte: upTo },
            },
          },
          {
            $group: {
              _id: { key: `$${key}`, type: '$type' },
              count: { $sum: 1 },
              firstOn: { $min: CREDIBLE_INSTANT },
              lastOn: { $max: CREDIBLE_INSTANT },
            },
          },
        ],
        { readConcern: { level: 'majority' }, maxTimeMS: MAX_TIME_MS },
      )
      .toArray();
    const found = new Map<string, Activity>();
    for (const { _id, count, firstOn, lastOn } of rows.sort((a, b) => b.count - a.count)) {
      const known = found.get(_id.key) ?? { firstSeen: firstOn, lastSeen: lastOn, counts: [] };
      found.set(_id.key, known);
      known.counts.push({ type: _id.type, count, firstOn, lastOn });
      if (firstOn < known.firstSeen) known.firstSeen = firstOn;
      if (lastOn > known.lastSeen) known.lastSeen = lastOn;
    }
    return found;
  }, viewer);
}
