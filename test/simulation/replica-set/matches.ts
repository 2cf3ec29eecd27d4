import { Query } from 'mingo';
import type { Fields } from './stored-form.ts';

type Test = (value: unknown) => boolean;

/** Operators on one plain field, which need no library and are nearly all of the queries. */
const plain: Readonly<Record<string, (operand: unknown) => Test>> = {
  $eq: (operand) => (value) => same(value, operand),
  $in: (operand) => {
    const values = operand as unknown[];
    if (values.some((one) => typeof one === 'object')) {
      return (value) => values.some((one) => same(value, one));
    }
    const set = new Set(values);
    return (value) => set.has(value);
  },
  $gt: (operand) => (value) => ordered(value, operand) > 0,
  $gte: (operand) => (value) => ordered(value, operand) >= 0,
  $lt: (operand) => (value) => ordered(value, operand) < 0,
  $lte: (operand) => (value) => ordered(value, operand) <= 0,
  $exists: (operand) => (value) => (value !== undefined) === Boolean(operand),
};

/**
 * Converts a filter to a test of one document, both in stored form. Conditions that are not plain
 * are evaluated by mingo. Source: MongoDB manual, "Query Predicates".
 */
export function toTest(filter: Fields): (document: Fields) => boolean {
  const tests: ((document: Fields) => boolean)[] = [];
  const rest: Fields = {};
  for (const [name, condition] of Object.entries(filter)) {
    const test = name.startsWith('$') || name.includes('.') ? undefined : plainTest(condition);
    const [parent, child, ...deeper] = name.split('.');
    if (test) tests.push((document) => test(document[name]));
    else if (child && parent && deeper.length === 0 && typeof condition === 'boolean') {
      // A field of an embedded document; no query needs arrays here.
      tests.push((document) => (document[parent] as Fields | undefined)?.[child] === condition);
    } else rest[name] = condition;
  }
  if (Object.keys(rest).length > 0) {
    const query = new Query(rest);
    tests.push((document) => query.test(document));
  }
  return (document) => tests.every((test) => test(document));
}

function plainTest(condition: unknown): Test | undefined {
  if (condition === null || Array.isArray(condition)) return undefined;
  if (typeof condition !== 'object' || condition instanceof Date) {
    return (value) => same(value, condition);
  }
  const parts = Object.entries(condition).map(([name, operand]) => plain[name]?.(operand));
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  return (value) => !Array.isArray(value) && parts.every((test) => test?.(value));
}

/** In MongoDB, null also matches a missing field. */
function same(one: unknown, other: unknown): boolean {
  if (other === null) return one === null || one === undefined;
  if (one instanceof Date) return other instanceof Date && one.getTime() === other.getTime();
  return one === other;
}

/** Negative, zero or positive; NaN for values of different types, which ranges do not compare. */
function ordered(one: unknown, other: unknown): number {
  const isComparable =
    (typeof one === typeof other && (typeof one === 'number' || typeof one === 'string')) ||
    (one instanceof Date && other instanceof Date);
  return isComparable ? compare(one, other) : Number.NaN;
}

/** The order of two values of one type. */
export function compare(one: unknown, other: unknown): number {
  const [left, right] = [one, other].map((value) =>
    value instanceof Date ? value.getTime() : (value as number | string),
  ) as [number, number];
  return left < right ? -1 : left > right ? 1 : 0;
}
