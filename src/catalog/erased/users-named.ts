import type { JsonObject, JsonValue } from '../json.ts';

/**
 * Shorter texts may mean anything where they do not stand under a key of users: a country's prefix, a
 * size. Unit: characters.
 */
export const MIN_TELLING_LENGTH = 6;

/** `user`, `user_id`, `fromUserIds`, `user-no`, `member_uuid` … */
const USER_KEY = /(?:users?|(?:user|member)[^\p{L}\p{N}]*(?:id|no|number|uuid|identifier)s?)$/iu;
/** As a word of its own: `guid` and `uuid` are of anything. */
const UID_KEY = /(?:(?:^|[^\p{L}\p{N}])uid|\p{Ll}U(?:id|ID))s?$/u;
const NOT_ASCII = /[^ -~]/;

/** What names users at any depth: `user_id`, `userId`, `from_user_id`, `user_ids`, `uid`, … */
export function isUserKey(key: string): boolean {
  const plain = NOT_ASCII.test(key) ? key.normalize('NFKC') : key;
  return USER_KEY.test(plain) || UID_KEY.test(plain);
}

/**
 * True where what stands under keys of users in this object itself is this user, and nobody else. An
 * object under such a key is somebody else: who is not told here.
 */
export function namesOnly(userId: string, object: JsonObject): boolean {
  const named = namedIn(object);
  return named.length > 0 && named.every((value) => isId(value) && String(value) === userId);
}

/** True where something else than this user stands under a key of users in this object itself. */
export function namesAnother(userId: string, object: JsonObject): boolean {
  return namedIn(object).some((value) => !isId(value) || String(value) !== userId);
}

/** Without what says nothing of anybody: null, true, false. */
function namedIn(object: JsonObject): JsonValue[] {
  return Object.entries(object).flatMap(([key, value]) =>
    isUserKey(key)
      ? itemsOf(value).filter((item) => isId(item) || (typeof item === 'object' && item !== null))
      : [],
  );
}

/** A value, or the items of a list of lists. */
function itemsOf(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value.flatMap(itemsOf) : [value];
}
/**
 * All that may be an id in values: what stands under keys of users, and at any depth every key and
 * every whole text or number that is long enough to tell.
 */
export function* idsIn(...values: readonly JsonValue[]): Generator<string> {
  // Not recursive: what is in quarantine may be of any depth.
  const left: { value: JsonValue; names: boolean }[] = values.map((value) => ({
    value,
    names: false,
  }));
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, names } = next;
    if (Array.isArray(value)) for (const item of value) left.push({ value: item, names });
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (key.length >= MIN_TELLING_LENGTH) yield key;
        left.push({ value: member, names: isUserKey(key) });
      }
    } else if (isId(value)) {
      const text = String(value);
      if (names || text.length >= MIN_TELLING_LENGTH) yield text;
    }
  }
}

/** True for what may be an id: a text, or a number for the text it is written as. */
export function isId(value: JsonValue): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
