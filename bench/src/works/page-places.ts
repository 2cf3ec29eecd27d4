import type mongoose from 'mongoose';

export const PAGE = 50;
/** Those with most events of this type are paged. */
const SUBJECTS = 'app_opened';

export const directions = ['forward', 'backward'] as const;
export const placeNames = ['start', 'middle', 'end'] as const;

/** A page of somebody's events: how Eventline is asked for it, and how the driver. */
export interface PagePlace {
  place: (typeof placeNames)[number];
  direction: (typeof directions)[number];
  filter: Record<string, unknown>;
  query: Record<string, unknown>;
  /** The event at which the page is cut off, whose cursor is given; null for the end of the log. */
  at: number | null;
}

/** Pages of one user's, one installation's and one type's events, by kind. */
export type Places = Record<'user' | 'installation' | 'type', readonly PagePlace[]>;

/** @param events the collection of a log that holds the positions from 1 up to `upTo` */
export async function findPlaces(events: mongoose.mongo.Collection, upTo: number): Promise<Places> {
  const all = { position: { $gt: 0, $lte: upTo } };
  const counts = await events
    .aggregate<{ _id: { user: string; on: string } }>([
      { $match: { type: SUBJECTS, ...all } },
      { $group: { _id: { user: '$userId', on: '$installationId' }, count: { $sum: 1 } } },
      { $sort: { count: -1, _id: 1 } },
      { $limit: 1 },
    ])
    .toArray();
  const { user, on } = counts[0]?._id ?? { user: '', on: '' };
  const placesOf = async (filter: object, query: object) => {
    const found = await events
      .find({ ...query, ...all }, { projection: { _id: 0, position: 1 } })
      .toArray();
    const positions = found.map(({ position }) => position as number).sort((a, b) => a - b);
    if (positions.length < 4 * PAGE) throw new Error('too few events for pages');
    return pagesOf(positions, { filter, query });
  };
  return {
    user: await placesOf({ userIds: [user] }, { userId: user }),
    installation: await placesOf({ installationIds: [on] }, { installationId: on }),
    type: await placesOf({ types: ['MESSAGE_SENT'] }, { type: 'message_sent' }),
  };
}

function pagesOf(positions: number[], { filter, query }: { filter: object; query: object }) {
  const { length } = positions;
  const cuts = { start: PAGE, middle: Math.floor(length / 2), end: length - PAGE };
  return placeNames.flatMap((place) =>
    directions.map((direction): PagePlace => {
      const cut = cuts[place];
      const forward = direction === 'forward';
      // Behind the event before the cut, or before the one behind it.
      const at = positions[forward ? cut - 1 : cut] ?? null;
      const shown = forward ? positions.slice(cut, cut + PAGE) : positions.slice(cut - PAGE, cut);
      const range = { $gt: (shown[0] ?? 0) - 1, $lte: shown.at(-1) ?? 0 };
      return {
        ...{ place, direction, at },
        filter: { ...filter },
        query: { ...query, position: range },
      };
    }),
  );
}
