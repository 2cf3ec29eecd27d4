import { idsIn, isUserKey, MIN_TELLING_LENGTH } from '../../catalog/erased/users-named.ts';
import { wordsOf } from '../../catalog/erased/words-of.ts';
import type { JsonValue } from '../../catalog/json.ts';

/** JSON that stands as a text in JSON has its escapes escaped, and that may stand in another. */
const MAX_ESCAPES = 3;

/**
 * A key, and behind it a text or a number: what a parser leaves out (the first of two members of one
 * name), what stands as a text in JSON, and what was cut off.
 */
const MEMBER = /"([^"]{1,64})"\s*:\s*(?=(?:"([^"]*)")|(-?\d[\d.eE+-]*))/g;

/** Whom a body may name, and when that was, as far as can be told. */
export interface RawUsers {
  /** All that may be an id, some of it more than once. */
  ids: Iterable<string>;
  /** Undefined where it does not say so in a way that is understood. */
  occurredOn: Date | undefined;
}

/**
 * Reads what could not be accepted: the whole texts, numbers and keys of its JSON, and every word of
 * the bytes, as it is written and without JSON's escapes. Short words count under a key of users, and
 * in what is no JSON.
 *
 * The erasure looks for an id in this, and intake for hashes of erased ones, so that they agree.
 */
export function rawUsers(rawBody: Buffer): RawUsers {
  const text = rawBody.toString('utf8');
  const parsed = parse(text);
  return {
    ids: candidates(text, parsed),
    occurredOn: parsed === undefined ? undefined : instantOf(parsed),
  };
}

function* candidates(written: string, parsed: JsonValue | undefined): Generator<string> {
  if (parsed !== undefined) yield* idsIn(parsed);
  const minLength = parsed === undefined ? 1 : MIN_TELLING_LENGTH;
  let text = written;
  for (let level = 0; level <= MAX_ESCAPES; level += 1) {
    // An id may hold spaces; what is no JSON may have it between quotes.
    if (parsed === undefined) yield* text.split('"');
    yield* wordsOf(text, minLength);
    yield* namedBy(text);
    const before = text;
    text = unescaped(text);
    if (text === before) return;
  }
}

/** What stands under keys of users, of any length; numbers in the form of an id as well. */
function* namedBy(text: string): Generator<string> {
  for (const [, key = '', id, number] of text.matchAll(MEMBER)) {
    if (!isUserKey(key)) continue;
    if (id !== undefined) yield id;
    if (number !== undefined) yield* [number, String(Number(number))];
  }
}

/** What JSON's escapes stand for (RFC 8259, 7); those for white space are a space. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4})|(["\\/])|[bfnrt])/gi, (_, code, sign) =>
    code === undefined ? (sign ?? ' ') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function parse(text: string): JsonValue | undefined {
  try {
    // The webhook passes over a byte order mark as well.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
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
