import type { Span } from '../log/read/log-reader.ts';
import type { Found } from './read-documents.ts';

/** Items per read, over all groups, for each item that a group needs. */
const READ_AHEAD = 2;
const MAX_ITEMS = 5_000;

export interface GroupsQuery {
  keys: readonly string[];
  span: Span;
  /** Per group. */
  limit: number;
  direction: 'forward' | 'backward';
}

/** A page of one group. */
export interface Group<Item> {
  items: Item[];
  /** True if there are more items that it has no bytes for. */
  isCut: boolean;
  bytes: number;
}

/** The bytes that all groups may have together, in equal shares; each may have one item at least. */
export interface GroupBytes<Item> {
  max: number;
  sizeOf: (item: Item) => number;
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
  { keys, span, limit, direction }: GroupsQuery,
  read: (keys: string[], span: Span, limit: number) => Promise<Found<Item>>,
  keyOf: (item: Item) => string | null,
  bytes?: GroupBytes<Item>,
): Promise<Map<string, Group<Item>>> {
  const groups = new Map<string, Group<Item>>(
    keys.map((key) => [key, { items: [], isCut: false, bytes: 0 }]),
  );
  const maxBytes = bytes ? bytes.max / Math.max(keys.length, 1) : Number.POSITIVE_INFINITY;
  const open = new Set(limit > 0 ? groups.keys() : []);
  const forward = direction === 'forward';
  let { after, upTo } = span;
  while (open.size > 0 && after < upTo) {
    const maxItems = Math.min(limit * open.size * (open.size > 1 ? READ_AHEAD : 1), MAX_ITEMS);
    const { items, reached } = await read([...open], { after, upTo }, Math.max(maxItems, limit));
    for (const item of forward ? items : items.toReversed()) {
      const key = keyOf(item);
      const group = key === null ? undefined : groups.get(key);
      if (key === null || group === undefined || !open.has(key)) continue;
      group.bytes += bytes?.sizeOf(item) ?? 0;
      group.isCut = group.items.length > 0 && group.bytes > maxBytes;
      if (!group.isCut) group.items.push(item);
      if (group.isCut || group.items.length === limit) open.delete(key);
    }
    if (forward) after = reached;
    else upTo = reached;
  }
  if (!forward) for (const group of groups.values()) group.items.reverse();
  return groups;
}
