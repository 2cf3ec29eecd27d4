import { declaredKeys } from '../catalog/catalog.ts';
import { showUnits } from '../catalog/shown-units.ts';

const MAX_DEPTH = 64;
const MAX_PATH_LEVELS = 10;
/** A whole number of at most this many characters is within ±(2^53−1). */
const SAFE_CHARS = 15;
/** JSON.stringify writes smaller whole numbers with all digits, which would not be read alike again. */
const LEAST_WITH_EXPONENT = 1e21;
/** Matches lone surrogates only: the `u` flag reads a pair as one character. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const NOT_IN_KEYS = /[\0\p{Surrogate}]/gu;

const ENVELOPE: readonly string[] = ['type', 'occurred_on', 'payload'];

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const BRACKET_OPEN = 0x5b;
const BACKSLASH = 0x5c;
const BRACKET_CLOSE = 0x5d;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;

/** A token to be replaced: from `start` up to `end`. */
export interface Replacement {
  start: number;
  end: number;
  /** JSON text. */
  text: string;
}

/**
 * Finds what valid JSON may contain but neither I-JSON (RFC 7493, required by RFC 8785) nor BSON
 * stores exactly: a duplicate key in an object, a whole number beyond ±(2^53−1), also in a notation
 * with a fraction or an exponent, a number beyond a double, a lone surrogate, U+0000 in a key, more
 * than 64 levels, and keys that the MongoDB driver interprets itself. One pass, not recursive.
 *
 * @param text valid JSON, decoded from valid UTF-8 (so only an escape can be a lone surrogate); for
 * any other text the result is undefined behaviour
 * @param replacements receives, in order, what shows single values and keys of these kinds as texts:
 * numbers as they are written, code units as their JSON escapes. Then only the faults that remain are
 * returned: duplicate keys and too many levels
 * @returns the fault and its path, such as `duplicate key at payload.user_id`, or undefined. It
 * quotes no value. Keys that the sender's documentation does not declare are shown as `*`, since they
 * may be a person's id or number.
 */
export function validateIJson(text: string, replacements?: Replacement[]): string | undefined {
  // One entry per open container: its keys so far (undefined for an array), and its current key or
  // index.
  const keySets: (Set<string> | undefined)[] = [];
  const path: (string | number)[] = [];
  let keys: Set<string> | undefined;
  let keyNext = false;
  let index = 0;

  while (index < text.length) {
    const code = text.charCodeAt(index++);
    if (code === QUOTE) {
      let end = text.indexOf('"', index);
      let value = text.slice(index, end);
      // Not one `text.includes` before the loop: V8 moves it into the loop when it optimises, and
      // the time becomes quadratic.
      const escapeAt = value.indexOf('\\');
      const escaped = escapeAt !== -1;
      if (escaped) {
        end = closingQuote(text, index + escapeAt);
        value = JSON.parse(text.slice(index - 1, end + 1));
      }
      if (keyNext || escaped) {
        const fault = faultOf(value, escaped, keyNext ? keys : undefined);
        if (fault !== undefined && replacements) {
          const shown = keyNext ? showKey(value, keys) : showUnits(value, LONE_SURROGATES);
          replacements.push({ start: index - 1, end: end + 1, text: JSON.stringify(shown) });
          value = shown;
        }
        if (keyNext) path[path.length - 1] = value;
        if (fault !== undefined && !replacements) return at(fault, path);
        if (keyNext && keys !== undefined) {
          if (keys.size === keys.add(value).size) return at('duplicate key', path);
          keyNext = false;
        }
      }
      index = end + 1;
    } else if (code === COMMA) {
      if (keys === undefined) (path[path.length - 1] as number)++;
      else keyNext = true;
    } else if (code === MINUS || (code >= DIGIT_0 && code <= DIGIT_9)) {
      const start = index - 1;
      let whole = true;
      // The text is valid, so only the number's end has to be found.
      for (; index < text.length; index++) {
        const next = text.charCodeAt(index);
        if (next >= DIGIT_0 && next <= DIGIT_9) continue;
        if (!isFractionOrExponent(next)) break;
        whole = false;
      }
      if (!whole || index - start > SAFE_CHARS) {
        const value = Number(text.slice(start, index));
        const isWhole = whole || (Number.isInteger(value) && Math.abs(value) < LEAST_WITH_EXPONENT);
        const fault =
          isWhole && !Number.isSafeInteger(value)
            ? 'whole number beyond ±(2^53−1)'
            : !Number.isFinite(value) && 'number too large for a double';
        if (fault && !replacements) return at(fault, path);
        if (fault) {
          replacements?.push({ start, end: index, text: `"${text.slice(start, index)}"` });
        }
      }
    } else if (code === BRACE_OPEN || code === BRACKET_OPEN) {
      if (path.length === MAX_DEPTH) return at(`more than ${MAX_DEPTH} levels`, path);
      keyNext = code === BRACE_OPEN;
      keys = keyNext ? new Set() : undefined;
      keySets.push(keys);
      path.push(keyNext ? '' : 0);
    } else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) {
      keySets.pop();
      path.pop();
      keys = keySets.at(-1);
      keyNext = false;
    }
  }
  return undefined;
}

/** @param keys the earlier keys of its object; undefined for a value */
function faultOf(
  text: string,
  isEscaped: boolean,
  keys: ReadonlySet<string> | undefined,
): string | undefined {
  if (isEscaped && LONE_SURROGATE.test(text))
    return `lone surrogate in a ${keys ? 'key' : 'string'}`;
  if (keys === undefined) return undefined;
  if (isEscaped && text.includes('\0')) return 'U+0000 in a key';
  return isReserved(text, keys) ? 'key that the database keeps for itself' : undefined;
}

/**
 * Returns true if the driver (bson 7) would not store the object as it is: it refuses to write
 * `_bsontype`, and reads an object with both `$ref` and `$id` as a DBRef.
 */
function isReserved(key: string, keys: ReadonlySet<string>): boolean {
  return (
    key === '_bsontype' ||
    (key === '$id' && keys.has('$ref')) ||
    (key === '$ref' && keys.has('$id'))
  );
}

function showKey(key: string, keys: ReadonlySet<string> = new Set()): string {
  return isReserved(key, keys) ? showUnits(key, /^./) : showUnits(key, NOT_IN_KEYS);
}

/** Returns true for `.`, `+`, `-`, `e` and `E`, the other characters of a number. */
function isFractionOrExponent(code: number): boolean {
  return code === 0x2e || code === 0x2b || code === MINUS || code === 0x65 || code === 0x45;
}

function closingQuote(text: string, from: number): number {
  let index = from;
  for (let code = text.charCodeAt(index); code !== QUOTE; code = text.charCodeAt(index)) {
    index += code === BACKSLASH ? 2 : 1;
  }
  return index;
}

/** Bounded in length, since the text goes into answers and logs. */
function at(what: string, path: readonly (string | number)[]): string {
  const steps = path.slice(0, MAX_PATH_LEVELS).map((step, level) => {
    if (typeof step === 'number') return `[${step}]`;
    const names = level === 0 ? ENVELOPE : level === 1 && path[0] === 'payload' ? declaredKeys : [];
    return `.${names.includes(step) ? step : '*'}`;
  });
  if (path.length > MAX_PATH_LEVELS) steps.push('…');
  return `${what} at ${steps.join('').replace(/^\./, '') || 'the top level'}`;
}
