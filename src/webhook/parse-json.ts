import { isUtf8 } from 'node:buffer';
import { syntaxErrorOffset } from './syntax-error-offset.ts';
import { type Replacement, validateIJson } from './validate-ijson.ts';

/** A body that cannot be accepted. `message` names the fault and its place, and quotes no value. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  /**
   * `syntax`: the body is not JSON (answered 400). `unstorable`: it is JSON that cannot be stored
   * exactly as sent (answered 422).
   */
  readonly kind: 'syntax' | 'unstorable';

  constructor(kind: 'syntax' | 'unstorable', message: string) {
    super(message);
    this.kind = kind;
  }
}

const BOM = 0xfeff;
const BOM_BYTES = 3;

/**
 * Parses a body as I-JSON (RFC 7493). The value equals what was sent, except that single values and
 * keys that cannot be stored are shown as texts (`validateIJson`). `__proto__` is an ordinary key,
 * and a leading byte order mark is ignored (RFC 8259 §8.1).
 *
 * @param rawBody the bytes as received, of any length
 * @returns any JSON value, not only an object
 * @throws JsonError `syntax` for an empty body, invalid UTF-8 or invalid JSON, with the offset of
 * the byte (from 0); `unstorable` for a fault found by `validateIJson`, with its path
 */
export function parseJson(rawBody: Buffer): unknown {
  if (!isUtf8(rawBody)) {
    throw new JsonError('syntax', `the body is not UTF-8, at byte ${firstBadByte(rawBody)}`);
  }
  const decoded = rawBody.toString('utf8');
  const marked = decoded.charCodeAt(0) === BOM;
  const text = marked ? decoded.slice(1) : decoded;
  if (text === '') throw new JsonError('syntax', 'the body is empty');

  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const offset = syntaxErrorOffset(text) ?? text.length;
    const byte = Buffer.byteLength(text.slice(0, offset)) + (marked ? BOM_BYTES : 0);
    const what = offset === text.length ? 'it ends too early' : 'unexpected character';
    throw new JsonError('syntax', `the body is not JSON: ${what}, at byte ${byte}`);
  }
  const replacements: Replacement[] = [];
  const unstorable = validateIJson(text, replacements);
  if (unstorable !== undefined) throw new JsonError('unstorable', unstorable);
  return replacements.length === 0 ? value : JSON.parse(replaced(text, replacements));
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, text: shown } of replacements) {
    parts.push(text.slice(from, start), shown);
    from = end;
  }
  return parts.join('') + text.slice(from);
}

/** Returns the offset of the first byte that cannot continue a UTF-8 text. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    try {
      // `stream` accepts a character that is incomplete at the end.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}
