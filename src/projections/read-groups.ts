import type { Span } from '../log/read/log-reader.ts';
import type { Found } from './read-documents.ts';

/** Items of one read, for all groups together, for each that a group wants. */
const AHEAD = 2;
const MOST_ITEMS = 5_000;

export interface GroupsWanted {
  keys: readonly string[];
  span: Span;
  /** Of each group. */
  limit: number;
  direction: 'forward' | 'backward';
}

/**
 * The same page of many groups, as of the events of many users, in few reads: the groups are walked
 * together, and those that have enough fall out. Each read either comes to the end or fills a group,
 * and mostly fills many.
 *
 * @param read what lies in a span for some keys, in the order of positions, and how far it came
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
