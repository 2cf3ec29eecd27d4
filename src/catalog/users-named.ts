import type { JsonValue } from './json.ts';

/**
 * Shorter texts may mean anything where they do not stand under a key of users: a country's prefix, a
 * size. Unit: characters.
 */
export const MIN_TELLING_LENGTH = 6;

/** What names users at any depth: `user_id`, `userId`, `from_user_id`, `user_ids`, … */
export function isUserKey(key: string): boolean {
  return /user[^\p{L}\p{N}]*ids?$/iu.test(key);
}

/** The ids that stand under keys of users, at any depth, as texts; numbers as they are written. */
export function usersNamed(...values: readonly JsonValue[]): Set<string> {
  const found = new Set<string>();
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
        left.push({ value: member, names: isUserKey(key) });
      }
    } else if (names && (typeof value === 'string' || typeof value === 'number')) {
      found.add(String(value));
    }
  }
  return found;
}
