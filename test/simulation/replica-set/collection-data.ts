import { createFieldIndex, type FieldIndex } from './field-index.ts';
import type { Fields } from './stored-form.ts';

/** A document's version at one index of the log; undefined if it was deleted. */
interface Version {
  index: number;
  document: Fields | undefined;
}

/** A member's collection, with the versions that snapshots may still read. */
export interface CollectionData {
  /** The document as of an index of the log. */
  read(id: string, at: number): Fields | undefined;
  /** The index of the last change of a document; 0 for none. */
  changedAt(id: string): number;
  /** Applies an entry of the log; drops versions that no snapshot from `keepFrom` on reads. */
  put(id: string, document: Fields | undefined, index: number, keepFrom: number): void;
  /** Reverts the entries after an index for one document. */
  undo(id: string, after: number): void;
  /** Ids of all documents that may match a filter, each once, by an index where there is one. */
  candidates(filter: Fields): Iterable<string>;
  /** Creates an index on a field. */
  index(field: string): void;
  /** Ids of documents that have, or had, this value in an indexed field. */
  having(field: string, value: unknown): Iterable<string>;
}

/** Creates an empty collection. */
export function createCollectionData(): CollectionData {
  const versions = new Map<string, Version[]>();
  const indexes = new Map<string, FieldIndex>();

  return {
    read(id, at) {
      const known = versions.get(id) ?? [];
      for (let place = known.length - 1; place >= 0; place -= 1) {
        const version = known[place] as Version;
        if (version.index <= at) return version.document;
      }
      return undefined;
    },
    changedAt: (id) => versions.get(id)?.at(-1)?.index ?? 0,
    put(id, document, index, keepFrom) {
      const known = versions.get(id) ?? [];
      while ((known[1]?.index ?? Number.POSITIVE_INFINITY) <= keepFrom) known.shift();
      known.push({ index, document });
      versions.set(id, known);
      if (document) for (const [field, one] of indexes) one.add(document[field], id);
    },
    undo(id, after) {
      const known = versions.get(id);
      while (known && (known.at(-1)?.index ?? 0) > after) known.pop();
      if (known?.length === 0) versions.delete(id);
    },
    candidates(filter) {
      const ids = equalTo(filter._id);
      if (ids) return ids.length === 1 ? [toId(ids[0])] : new Set(ids.map(toId));
      for (const [field, one] of indexes) {
        const values = equalTo(filter[field]);
        if (values) return new Set(one.having(values));
        const range = rangeOf(filter[field]);
        if (range) return new Set(one.within(...range));
      }
      return versions.keys();
    },
    index(field) {
      if (indexes.has(field)) return;
      const one = createFieldIndex();
      indexes.set(field, one);
      for (const [id, known] of versions) {
        for (const { document } of known) if (document) one.add(document[field], id);
      }
    },
    having: (field, value) => indexes.get(field)?.having([value]) ?? [],
  };
}

/** The key under which a document is stored. */
export function toId(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function equalTo(condition: unknown): unknown[] | undefined {
  if (condition === undefined || condition === null) return undefined;
  if (typeof condition !== 'object') return [condition];
  const { $in, $eq } = condition as { $in?: unknown[]; $eq?: unknown };
  return $in ?? ($eq === undefined ? undefined : [$eq]);
}

function rangeOf(condition: unknown): [low: number, high: number] | undefined {
  if (typeof condition !== 'object' || condition === null) return undefined;
  const { $gt, $gte, $lt, $lte } = condition as Record<string, unknown>;
  if ([$gt, $gte, $lt, $lte].every((bound) => typeof bound !== 'number')) return undefined;
  const low = ($gt ?? $gte ?? Number.NEGATIVE_INFINITY) as number;
  const high = ($lt ?? $lte ?? Number.POSITIVE_INFINITY) as number;
  return [low, high];
}
