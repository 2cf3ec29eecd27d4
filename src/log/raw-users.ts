import type { JsonValue } from '../catalog/json.ts';
import { MIN_TELLING_LENGTH, usersNamed } from '../catalog/users-named.ts';

/** How many words of a body that is no JSON are taken for ids of users. */
const MAX_WORDS = 10_000;

/** Whom a body may name, and when that was, as far as can be told. */
export interface RawUsers {
  ids: ReadonlySet<string>;
  /** Undefined where it does not say so in a way that is understood. */
  occurredOn: Date | undefined;
}

/**
 * Reads what could not be accepted: the users that its JSON names and the words that may be ids; of
 * other bytes every word.
 */
export function rawUsers(rawBody: Buffer): RawUsers {
  const parsed = parse(rawBody);
  const minLength = parsed === undefined ? 1 : MIN_TELLING_LENGTH;
  const ids = parsed === undefined ? new Set<string>() : usersNamed(parsed);
  let left = MAX_WORDS;
  for (const [word] of rawBody.toString('utf8').matchAll(/[^\s"'`,;:=&<>()[\]{}]+/g)) {
    if (left === 0) break;
    left -= 1;
    if (word.length >= minLength) ids.add(word);
  }
  return { ids, occurredOn: parsed === undefined ? undefined : instantOf(parsed) };
}

/** True when a body names one of these: by a key of users, as a word, or written in JSON's escapes. */
export function namesAny(rawBody: Buffer, names: readonly string[]): boolean {
  const parsed = parse(rawBody);
  return names.some((name) => namesOne(rawBody, parsed, name));
}

function namesOne(rawBody: Buffer, parsed: JsonValue | undefined, userId: string): boolean {
  if (parsed !== undefined && usersNamed(parsed).has(userId)) return true;
  if (parsed !== undefined && userId.length < MIN_TELLING_LENGTH) return false;
  return hasWord(rawBody, Buffer.from(userId));
}

/** True where the bytes stand by themselves, and not inside of a longer run of letters and digits. */
function hasWord(bytes: Buffer, word: Buffer): boolean {
  for (let at = bytes.indexOf(word); at !== -1; at = bytes.indexOf(word, at + 1)) {
    if (!isWordByte(bytes[at - 1]) && !isWordByte(bytes[at + word.length])) return true;
  }
  return false;
}

function isWordByte(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z0-9]/.test(String.fromCharCode(byte));
}

function parse(rawBody: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(rawBody.toString('utf8'));
  } catch {
    return undefined;
  }
}

function instantOf(body: JsonValue): Date | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const text = Object.hasOwn(body, 'occurred_on') ? body.occurred_on : undefined;
  const instant = new Date(typeof text === 'string' ? text : Number.NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
