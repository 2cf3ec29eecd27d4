import type { Fields } from './stored-form.ts';

/** The change of one document in an oplog entry. */
export interface Change {
  readonly collection: string;
  readonly id: string;
  readonly before: Fields | undefined;
  readonly after: Fields | undefined;
}

/**
 * An entry of a member's oplog. Members share entry objects: two logs are equal up to the last
 * entry that is the same object in both. Source: MongoDB manual, "Replica Set Oplog".
 */
export interface Entry {
  /** Its index, from 1 on. */
  readonly index: number;
  /** The term of the primary that wrote it. */
  readonly term: number;
  readonly changes: readonly Change[];
  /** The transaction that it commits. */
  readonly transaction?: string | undefined;
}

/** The last index up to which two logs hold the same entries. */
export function commonIndex(one: readonly Entry[], other: readonly Entry[]): number {
  let index = Math.min(one.length, other.length);
  while (index > 0 && one[index - 1] !== other[index - 1]) index -= 1;
  return index;
}

/** True if one log's end is at least as new as another's, as votes compare them. */
export function isAtLeastAsNew(one: readonly Entry[], other: readonly Entry[]): boolean {
  const [term, otherTerm] = [one.at(-1)?.term ?? 0, other.at(-1)?.term ?? 0];
  return term > otherTerm || (term === otherTerm && one.length >= other.length);
}
