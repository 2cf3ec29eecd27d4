import type { JsonObject, JsonValue } from './json.ts';

/**
 * Shorter texts may mean anything where they do not stand under a key of users: a country's prefix, a
 * size. Unit: characters.
 */
export const MIN_TELLING_LENGTH = 6;

/** What names users at any depth: `user_id`, `userId`, `from_user_id`, `user_ids`, … */
export function isUserKey(key: string): boolean {
  return /user[^\p{L}\p{N}]*ids?$/iu.test(key);
}

/** The ids that stand under keys of users in this object itself; numbers as they are written. */
export function usersNamedIn(object: JsonObject): string[] {
  return Object.entries(object).flatMap(([key, value]) =>
    isUserKey(key) ? [value].flat().filter(isId).map(String) : [],
  );
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
