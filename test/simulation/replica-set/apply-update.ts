import { isDeepStrictEqual } from 'node:util';
import { update } from 'mingo';
import type { Fields } from './stored-form.ts';

/**
 * Returns a document after an update or a replacement, in stored form; the same object if nothing
 * changes. Source: MongoDB manual, "Update Operators".
 */
export function applyUpdate(document: Fields, change: Fields): Fields {
  const isReplacement = !Object.keys(change).some((name) => name.startsWith('$'));
  if (isReplacement) return { ...change, _id: document._id };
  const { $setOnInsert: _, ...operators } = change;
  const plain = applyPlain(document, operators);
  if (plain !== undefined) return plain;
  const copy = structuredClone(document);
  update(copy, operators);
  return isDeepStrictEqual(copy, document) ? document : copy;
}

/**
 * The same for `$set`, `$inc` and `$unset` of single top-level values, which are nearly all
 * updates; undefined for others.
 */
function applyPlain(document: Fields, operators: Fields): Fields | undefined {
  let copy: Fields | undefined;
  for (const [operator, fields] of Object.entries(operators)) {
    for (const [name, operand] of Object.entries(fields as Fields)) {
      const before = copy ? copy[name] : document[name];
      if (name.includes('.') || !isSingle(operand) || !isSingle(before)) return undefined;
      let after: unknown;
      if (operator === '$set') after = operand;
      else if (operator === '$inc') after = ((before ?? 0) as number) + (operand as number);
      else if (operator !== '$unset') return undefined;
      if (after === before) continue;
      copy ??= { ...document };
      if (after === undefined) delete copy[name];
      else copy[name] = after;
    }
  }
  return copy ?? document;
}

function isSingle(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

/**
 * Returns the document that an upsert inserts: the equalities of its filter, then the update.
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
