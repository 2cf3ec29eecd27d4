import { type CollectionData, createCollectionData, toId } from './collection-data.ts';
import { compare, toTest } from './matches.ts';
import type { Entry } from './oplog.ts';
import type { Fields } from './stored-form.ts';

/** What a read on one member sees. */
export interface View {
  /** The index up to which entries are visible. */
  at: number;
  /** Uncommitted changes of a transaction, by collection and id. */
  overlay?: ReadonlyMap<string, Fields | undefined> | undefined;
}

export interface FindOptions {
  filter: Fields;
  sort?: Readonly<Record<string, 1 | -1>> | undefined;
  limit?: number | undefined;
}

/** The documents of one member. */
export interface MemberData {
  collection(name: string): CollectionData;
  read(name: string, id: string, view: View): Fields | undefined;
  find(name: string, options: FindOptions, view: View): Fields[];
  /** Applies an entry of the log; snapshots from `keepFrom` on stay readable. */
  apply(entry: Entry, keepFrom: number): void;
  /** Reverts all entries after an index. */
  undo(entries: readonly Entry[], after: number): void;
}

/** The key of a document in an overlay. */
export function toKey(collection: string, id: string): string {
  return `${collection}\u0000${id}`;
}

/** @param indexedFields the fields with their own index, by collection */
export function createMemberData(
  indexedFields: ReadonlyMap<string, ReadonlySet<string>>,
): MemberData {
  const collections = new Map<string, CollectionData>();

  function collection(name: string): CollectionData {
    const known = collections.get(name);
    if (known) return known;
    const created = createCollectionData();
    collections.set(name, created);
    for (const field of indexedFields.get(name) ?? []) created.index(field);
    return created;
  }

  function read(name: string, id: string, { at, overlay }: View): Fields | undefined {
    const key = overlay && toKey(name, id);
    return key && overlay.has(key) ? overlay.get(key) : collection(name).read(id, at);
  }

  return {
    collection,
    read,
    find(name, { filter, sort, limit }, view) {
      const matches = toTest(filter);
      const data = collection(name);
      const { at, overlay } = view;
      const keys = Object.entries(sort ?? {});
      const found: Fields[] = [];
      for (const id of overlay ? withOverlay(overlay) : data.candidates(filter)) {
        const document = overlay ? read(name, id, view) : data.read(id, at);
        if (document && matches(document)) found.push(document);
        if (keys.length === 0 && found.length === limit) break;
      }
      if (keys.length > 0 && found.length > 1) {
        found.sort((one, other) => {
          for (const [field, order] of keys) {
            const difference = compare(one[field], other[field]);
            if (difference !== 0) return difference * order;
          }
          return 0;
        });
      }
      return limit ? found.slice(0, limit) : found;

      function withOverlay(changes: NonNullable<View['overlay']>): Set<string> {
        const ids = new Set(data.candidates(filter));
        for (const [key, document] of changes) {
          if (document && key.startsWith(`${name}\u0000`)) ids.add(toId(document._id));
        }
        return ids;
      }
    },
    apply({ index, changes }, keepFrom) {
      for (const { collection: name, id, after } of changes) {
        collection(name).put(id, after, index, keepFrom);
      }
    },
    undo(entries, after) {
      for (const { changes } of entries) {
        for (const { collection: name, id } of changes) collection(name).undo(id, after);
      }
    },
  };
}
