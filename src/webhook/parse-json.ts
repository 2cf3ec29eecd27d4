import { isUtf8 } from 'node:buffer';
import { type Replacement, validateIJson } from './validate-ijson.ts';

/** A body that cannot be accepted. `message` names the fault and quotes no value. */
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

/**
 * Parses a body as I-JSON (RFC 7493). The value equals what was sent, except that single values and
 * keys that cannot be stored are shown as texts (`validateIJson`). `__proto__` is an ordinary key,
 * and a leading byte order mark is ignored (RFC 8259 §8.1).
 *
 * @param rawBody the bytes as received, of any length
 * @returns any JSON value, not only an object
 * @throws JsonError `syntax` for an empty body, invalid UTF-8 or invalid JSON, with the size of the
 * body, which shows a truncated one; `unstorable` for a fault found by `validateIJson`, with its path
 */
export function parseJson(rawBody: Buffer): unknown {
  const not = (format: string) =>
    new JsonError('syntax', `the body of ${rawBody.length} bytes is not ${format}`);
  if (!isUtf8(rawBody)) throw not('UTF-8');
  const decoded = rawBody.toString('utf8');
  const text = decoded.charCodeAt(0) === BOM ? decoded.slice(1) : decoded;
  if (text === '') throw new JsonError('syntax', 'the body is empty');

  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of JSON.parse quotes the text, which is personal data.
    throw not('JSON');
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
