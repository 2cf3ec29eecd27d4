import type mongoose from 'mongoose';

export const PAGE = 50;
/** The user and the installation with most events of this type are paged. */
const SUBJECT_TYPE = 'app_opened';

export const directions = ['forward', 'backward'] as const;
export const locations = ['start', 'middle', 'end'] as const;

/** One page: the filter for Eventline, and the query for the driver. */
export interface PageCase {
  location: (typeof locations)[number];
  direction: (typeof directions)[number];
  filter: Record<string, unknown>;
  query: Record<string, unknown>;
  /** Position of the event whose cursor bounds the page; null for the end of the log. */
  cursorPosition: number | null;
}

/** Pages of the events of one user, one installation and one type. */
export type PageCases = Record<'user' | 'installation' | 'type', readonly PageCase[]>;

/**
 * Finds pages at the start, in the middle and at the end of each list.
 *
 * @param events the collection of a log with the positions 1 to `upTo`
 */
export async function findPageCases(
  events: mongoose.mongo.Collection,
  upTo: number,
): Promise<PageCases> {
  const all = { position: { $gt: 0, $lte: upTo } };
  const counts = await events
    .aggregate<{ _id: { user: string; on: string } }>([
      { $match: { type: SUBJECT_TYPE, ...all } },
      { $group: { _id: { user: '$userId', on: '$installationId' }, count: { $sum: 1 } } },
      { $sort: { count: -1, _id: 1 } },
      { $limit: 1 },
    ])
    .toArray();
  const { user, on } = counts[0]?._id ?? { user: '', on: '' };
  const casesOf = async (filter: object, query: object) => {
    const found = await events
      .find({ ...query, ...all }, { projection: { _id: 0, position: 1 } })
      .toArray();
    const positions = found.map(({ position }) => position as number).sort((a, b) => a - b);
    if (positions.length < 4 * PAGE) throw new Error('too few events for pages');
    return pagesOf(positions, { filter, query });
  };
  return {
    user: await casesOf({ userIds: [user] }, { userId: user }),
    installation: await casesOf({ installationIds: [on] }, { installationId: on }),
    type: await casesOf({ types: ['MESSAGE_SENT'] }, { type: 'message_sent' }),
  };
}

function pagesOf(positions: number[], { filter, query }: { filter: object; query: object }) {
  const { length } = positions;
  const cuts = { start: PAGE, middle: Math.floor(length / 2), end: length - PAGE };
  return locations.flatMap((location) =>
    directions.map((direction): PageCase => {
      const cut = cuts[location];
      const forward = direction === 'forward';
      // After the event before the cut, or before the event after it.
      const cursorPosition = positions[forward ? cut - 1 : cut] ?? null;
      const shown = forward ? positions.slice(cut, cut + PAGE) : positions.slice(cut - PAGE, cut);
      const range = { $gt: (shown[0] ?? 0) - 1, $lte: shown.at(-1) ?? 0 };
      return {
        ...{ location, direction, cursorPosition },
        filter: { ...filter },
        query: { ...query, position: range },
      };
    }),
  );
}
