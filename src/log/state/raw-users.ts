import { definitionByName } from '../../catalog/catalog.ts';
import { idsIn, isUserKey, MIN_ID_LENGTH } from '../../catalog/erased/users-named.ts';
import { wordsOf } from '../../catalog/erased/words-of.ts';
import type { JsonObject, JsonValue } from '../../catalog/json.ts';
import { parseInstant } from '../../catalog/parse-instant.ts';
import { contactsIn } from '../../catalog/personal/contacts-in.ts';
import { subjectsOf } from '../../catalog/subjects.ts';

/** JSON embedded as text in JSON has its escapes escaped, possibly several times. */
const MAX_ESCAPES = 3;

/**
 * A key, and behind it a text or a number: what a parser leaves out (the first of two members of one
 * name), what stands as a text in JSON, and what was cut off.
 */
const MEMBER = /"([^"]{1,64})"\s*:\s*(?=(?:"([^"]*)")|(-?\d[\d.eE+-]*))/g;

/** The users that a body may name, and its instant, as far as both can be read. */
export interface RawUsers {
  /** All that may be an id, some of it more than once. */
  ids: Iterable<string>;
  /** E-mail addresses and phone numbers, in the forms of `contactsIn`, except those of its own user. */
  contacts: Iterable<string>;
  /** Undefined where it does not say so in a way that is understood. */
  occurredOn: Date | undefined;
}

/**
 * Reads a body that could not be accepted: all texts, numbers and keys of its JSON, and every word
 * of its bytes, with and without JSON escapes. Short words only count under user keys, and in
 * bodies that are not JSON.
 *
 * The erasure looks for an id in the result, and intake for hashes of erased ids, so both agree.
 */
export function rawUsers(rawBody: Buffer): RawUsers {
  const text = rawBody.toString('utf8');
  const parsed = parse(text);
  return {
    ids: candidates(text, parsed),
    contacts: contactsOfOthers(text, parsed),
    occurredOn: parsed === undefined ? undefined : instantOf(parsed),
  };
}

function* candidates(written: string, parsed: JsonValue | undefined): Generator<string> {
  if (parsed !== undefined) yield* idsIn(parsed);
  const minLength = parsed === undefined ? 1 : MIN_ID_LENGTH;
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

/**
 * Yields contacts that occur more often in the text than in the declared personal fields of the
 * payload's user: those are that user's own, even if an erased user shares them.
 */
function* contactsOfOthers(written: string, parsed: JsonValue | undefined): Generator<string> {
  const own = countOf(ownValues(parsed).flatMap((value) => [...contactsIn(value)]));
  let text = written;
  for (let level = 0; level <= MAX_ESCAPES; level += 1) {
    const left = new Map(own);
    for (const contact of contactsIn(text)) {
      const count = left.get(contact) ?? 0;
      if (count === 0) yield contact;
      else left.set(contact, count - 1);
    }
    const before = text;
    text = unescaped(text);
    if (text === before) return;
  }
}

function countOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function ownValues(body: JsonValue | undefined): string[] {
  if (!isObject(body)) return [];
  const type = Object.hasOwn(body, 'type') ? String(body.type) : '';
  const payload = Object.hasOwn(body, 'payload') ? body.payload : undefined;
  const fields = definitionByName.get(type)?.fields;
  if (!isObject(payload) || !fields || subjectsOf(payload).userId === null) return [];
  return Object.entries(fields).flatMap(([key, { personal }]) => {
    const value = personal && Object.hasOwn(payload, key) ? payload[key] : undefined;
    return typeof value === 'string' ? [value] : [];
  });
}

/** Values under user keys, of any length; numbers in the form of an id as well. */
function* namedBy(text: string): Generator<string> {
  for (const [, key = '', id, number] of text.matchAll(MEMBER)) {
    if (!isUserKey(key)) continue;
    if (id !== undefined) yield id;
    if (number !== undefined) yield* [number, String(Number(number))];
  }
}

/** Characters of JSON escapes (RFC 8259 §7); white space becomes a space. */
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

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function instantOf(body: JsonValue): Date | undefined {
  if (!isObject(body)) return undefined;
  const text = Object.hasOwn(body, 'occurred_on') ? body.occurred_on : undefined;
  if (typeof text !== 'string') return undefined;
  const instant = new Date(parseInstant(text)?.epochMs ?? text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
