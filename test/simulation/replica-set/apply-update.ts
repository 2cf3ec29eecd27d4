import { isDeepStrictEqual } from 'node:util';
import { update } from 'mingo';
import type { Fields } from './stored-form.ts';

/**
 * A document after an update or a replacement, all in stored form; the same object when nothing in
 * it changes.
 * Source: MongoDB manual, "Update Operators".
 */
export function applyUpdate(document: Fields, change: Fields): Fields {
  const isReplacement = !Object.keys(change).some((name) => name.startsWith('$'));
  if (isReplacement) return { ...change, _id: document._id };
  const { $setOnInsert: _, ...operators } = change;
  const copy = structuredClone(document);
  update(copy, operators);
  return isDeepStrictEqual(copy, document) ? document : copy;
}

/**
 * The document that an upsert inserts: the equalities of its filter, then the update.
 * Source: MongoDB manual, "Upsert with Operator Expressions".
 */
export function toUpserted(filter: Fields, change: Fields): Fields {
  const equal = Object.entries(filter).filter(
    ([name, condition]) => !name.startsWith('$') && !hasOperators(condition),
  );
  const isReplacement = !Object.keys(change).some((name) => name.startsWith('$'));
  if (isReplacement) return { ...change, ...Object.fromEntries(equal) };
  const { $setOnInsert = {}, $set = {}, ...operators } = change as Record<string, Fields>;
  const document: Fields = Object.fromEntries(equal);
  update(document, structuredClone({ ...operators, $set: { ...$setOnInsert, ...$set } }));
  return document;
}

function hasOperators(condition: unknown): boolean {
  return (
    typeof condition === 'object' &&
    condition !== null &&
    Object.keys(condition).some((name) => name.startsWith('$'))
  );
}
