import { isUtf8 } from 'node:buffer';
import { syntaxErrorOffset } from './syntax-error-offset.ts';
import { validateIJson } from './validate-ijson.ts';

/** Why a body cannot be taken. `message` says what and where, and never quotes a value. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  /**
   * `syntax`: it is not JSON (the answer is 400). `unkeepable`: it is, but it cannot be kept exactly
   * as sent (422).
   */
  readonly kind: 'syntax' | 'unkeepable';

  constructor(kind: 'syntax' | 'unkeepable', message: string) {
    super(message);
    this.kind = kind;
  }
}

const BOM = 0xfeff;
const BOM_BYTES = 3;

/**
 * Reads a body as I-JSON (RFC 7493): what comes out says exactly what was sent, and `__proto__` is
 * a key as any other. A byte order mark in front is passed over (RFC 8259 §8.1).
 * @param rawBody the bytes as received, of any length
 * @returns any JSON value, not only an object
 * @throws JsonError `syntax` for an empty body, bytes that are not UTF-8, or text that is not JSON,
 * with the byte (from 0); `unkeepable` as `findUnkeepable` says, with the path
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
  const unkeepable = validateIJson(text);
  if (unkeepable !== undefined) throw new JsonError('unkeepable', unkeepable);
  return value;
}

/** The first byte with which the bytes so far can no longer begin any UTF-8 text. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    try {
      // `stream` lets a character be cut at the end: more bytes could complete it.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}
