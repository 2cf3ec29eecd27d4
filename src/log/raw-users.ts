import type { JsonValue } from '../catalog/json.ts';
import { idsIn, MIN_TELLING_LENGTH } from '../catalog/users-named.ts';
import { wordsOf } from '../catalog/words-of.ts';

/** JSON that stands as a text in JSON has its escapes escaped, and that may stand in another. */
const MAX_ESCAPES = 3;

/** Whom a body may name, and when that was, as far as can be told. */
export interface RawUsers {
  /** All that may be an id, some of it more than once. */
  ids: Iterable<string>;
  /** Undefined where it does not say so in a way that is understood. */
  occurredOn: Date | undefined;
}

/**
 * Reads what could not be accepted: the whole texts, numbers and keys of its JSON, and every word of
 * the bytes, as it is written and without JSON's escapes. Of what is no JSON short words count too.
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
    const before = text;
    text = unescaped(text);
    if (text === before) return;
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
