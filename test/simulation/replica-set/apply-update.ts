import { isDeepStrictEqual } from 'node:util';
import { update } from 'mingo';
import { compare } from './matches.ts';
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
  const after = structuredClone(document);
  update(after, operators);
  return isDeepStrictEqual(after, document) ? document : after;
}

type Single = string | number | boolean | Date | null | undefined;

/** Operators on one value, which need no library and are nearly all of the updates. */
const plain: Readonly<Record<string, (before: Single, operand: Single) => Single>> = {
  $set: (_, operand) => operand,
  $unset: () => undefined,
  $inc: (before, operand) => ((before ?? 0) as number) + (operand as number),
  $min: (before, operand) => (isFirst(operand, before) ? operand : before),
  $max: (before, operand) => (isFirst(before, operand) ? operand : before),
};

/**
 * The same for single top-level values of one type; undefined for other updates. Values are not
 * copied: stored documents never change.
 */
function applyPlain(document: Fields, operators: Fields): Fields | undefined {
  let copy: Fields | undefined;
  for (const [operator, fields] of Object.entries(operators)) {
    const apply = plain[operator];
    for (const [name, operand] of Object.entries(fields as Fields)) {
      const before = copy ? copy[name] : document[name];
      if (apply === undefined || name.includes('.')) return undefined;
      const isPlain = operator === '$set' ? isSingleOrNull : isSingle;
      if (!isPlain(operand) || !isPlain(before)) return undefined;
      const after = apply(before, operand);
      if (isEqual(after, before)) continue;
      copy ??= { ...document };
      if (after === undefined) delete copy[name];
      else copy[name] = after;
    }
  }
  return copy ?? document;
}

function isSingle(value: unknown): value is Single {
  return typeof value !== 'object' || value instanceof Date;
}

function isSingleOrNull(value: unknown): value is Single {
  return value === null || isSingle(value);
}

function isEqual(one: Single, other: Single): boolean {
  return one === other || (one instanceof Date && other instanceof Date && +one === +other);
}

/** A missing field is replaced by any operand. */
function isFirst(one: Single, other: Single): boolean {
  return one === undefined || other === undefined || compare(one, other) < 0;
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
  const { $setOnInsert = {}, $set = {}, ...others } = change as Record<string, Fields>;
  const document: Fields = Object.fromEntries(equal);
  const operators = { ...others, $set: { ...$setOnInsert, ...$set } };
  const plain = applyPlain(document, operators);
  if (plain !== undefined) return plain;
  update(document, structuredClone(operators));
  return document;
}

function hasOperators(condition: unknown): boolean {
  return (
    typeof condition === 'object' &&
    condition !== null &&
    Object.keys(condition).some((name) => name.startsWith('$'))
  );
}
