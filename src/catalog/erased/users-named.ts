import type { JsonObject, JsonValue } from '../json.ts';
import { normalized } from '../normalized.ts';
import { withoutShownUnits } from '../shown-units.ts';

/**
 * Shorter texts are ambiguous, such as a country prefix or a size, unless their key names users.
 * Unit: characters.
 */
export const MIN_ID_LENGTH = 6;

/** `user`, `user_id`, `fromUserIds`, `user-no`, `member_uuid` … */
const USER_KEY = /(?:users?|(?:user|member)[^\p{L}\p{N}]*(?:id|no|number|uuid|identifier)s?)$/iu;
/** As a separate word: `guid` and `uuid` do not name users. */
const UID_KEY = /(?:(?:^|[^\p{L}\p{N}])uid|\p{Ll}U(?:id|ID))s?$/u;
const NOT_ASCII = /[^ -~]/;

/**
 * Returns true for a key that names users: `user_id`, `userId`, `from_user_id`, `user_ids`, `uid`,
 * …
 */
export function isUserKey(key: string): boolean {
  const words = withoutShownUnits(key);
  const plain = NOT_ASCII.test(words) ? normalized(words, 'NFKC') : words;
  // The expressions with properties of Unicode take ten times as long.
  if (!/user|member|uid/i.test(plain)) return false;
  return USER_KEY.test(plain) || UID_KEY.test(plain);
}

/**
 * Returns true if the user keys of this object name this user and no other. A nested object under
 * such a key describes an unknown person.
 */
export function namesOnly(userId: string, object: JsonObject): boolean {
  const named = namedIn(object);
  return named.length > 0 && named.every((value) => isId(value) && String(value) === userId);
}

/** Returns true when a user key of this object itself holds anything else than this user. */
export function namesAnother(userId: string, object: JsonObject): boolean {
  return namedIn(object).some((value) => !isId(value) || String(value) !== userId);
}

/** Returns true if the object itself names a user, under a user key. */
export function namesUser(object: JsonObject): boolean {
  return namedIn(object).length > 0;
}

/** Without null, true and false, which identify no user. */
function namedIn(object: JsonObject): JsonValue[] {
  const keys = Object.keys(object).filter(isUserKey);
  return keys
    .flatMap((key) => itemsOf(object[key] as JsonValue))
    .filter((item) => isId(item) || (typeof item === 'object' && item !== null));
}

/** A value, or the items of nested lists. */
function itemsOf(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value.flatMap(itemsOf) : [value];
}

/**
 * Yields all possible ids in values: values under user keys, and at any depth every key and every
 * complete text or number that is long enough.
 */
export function* idsIn(...values: readonly JsonValue[]): Generator<string> {
  // Not recursive: a quarantined body may have any depth.
  const left: { value: JsonValue; names: boolean }[] = values.map((value) => ({
    value,
    names: false,
  }));
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, names } = next;
    if (Array.isArray(value)) for (const item of value) left.push({ value: item, names });
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (key.length >= MIN_ID_LENGTH) yield key;
        left.push({ value: member, names: isUserKey(key) });
      }
    } else if (isId(value)) {
      const text = String(value);
      if (names || text.length >= MIN_ID_LENGTH) yield text;
    }
  }
}

/** Returns true for a possible id: a text, or a number in the form it is written. */
export function isId(value: JsonValue): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
