import type { Span } from '../log/read/log-reader.ts';
import type { Found } from './read-documents.ts';

/** Items per read, over all groups, for each item that a group needs. */
const AHEAD = 2;
const MOST_ITEMS = 5_000;

export interface GroupsWanted {
  keys: readonly string[];
  span: Span;
  /** Per group. */
  limit: number;
  direction: 'forward' | 'backward';
}

/**
 * Reads the same page of many groups, such as the events of many users, in few reads: one search
 * over all groups, from which complete groups drop out. Each read reaches the end or completes a
 * group, usually many.
 *
 * @param read returns the items of some keys in a span, in the order of positions, and how far it
 * came
 */
export async function readGroups<Item>(
  { keys, span, limit, direction }: GroupsWanted,
  read: (keys: string[], span: Span, limit: number) => Promise<Found<Item>>,
  keyOf: (item: Item) => string | null,
): Promise<Map<string, Item[]>> {
  const groups = new Map<string, Item[]>(keys.map((key) => [key, []]));
  const open = new Set(limit > 0 ? groups.keys() : []);
  const forward = direction === 'forward';
  let { after, upTo } = span;
  while (open.size > 0 && after < upTo) {
    const most = Math.min(limit * open.size * (open.size > 1 ? AHEAD : 1), MOST_ITEMS);
    const { items, reached } = await read([...open], { after, upTo }, Math.max(most, limit));
    for (const item of forward ? items : items.toReversed()) {
      const key = keyOf(item);
      const group = key === null ? undefined : groups.get(key);
      if (key === null || group === undefined || !open.has(key)) continue;
      group.push(item);
      if (group.length === limit) open.delete(key);
    }
    if (forward) after = reached;
    else upTo = reached;
  }
  if (!forward) for (const group of groups.values()) group.reverse();
  return groups;
}
