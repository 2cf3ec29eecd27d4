import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '../catalog/json.ts';
import { type Refused, refused } from './outcome.ts';
import { type Replacement, validateIJson } from './validate-ijson.ts';

const BOM = 0xfeff;

/** Any JSON value, not only an object. */
export interface ParsedJson {
  kind: 'json';
  value: JsonValue;
}

/**
 * Parses a body as I-JSON (RFC 7493). The value equals what was sent, except that single values and
 * keys that cannot be stored are shown as texts (`validateIJson`). `__proto__` is an ordinary key,
 * and a leading byte order mark is ignored (RFC 8259 §8.1).
 *
 * @param rawBody the bytes as received, of any length
 * @returns the value; refused as invalid-json for an empty body, invalid UTF-8 or invalid JSON, with
 * the size of the body, which shows a truncated one; refused as json-not-exact for a fault found by
 * `validateIJson`, with its path
 */
export function parseJson(rawBody: Buffer): ParsedJson | Refused {
  const not = (format: string) =>
    refused('invalid-json', `the body of ${rawBody.length} bytes is not ${format}`);
  if (!isUtf8(rawBody)) return not('UTF-8');
  const decoded = rawBody.toString('utf8');
  const text = decoded.charCodeAt(0) === BOM ? decoded.slice(1) : decoded;
  if (text === '') return refused('invalid-json', 'the body is empty');

  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of JSON.parse quotes the text, which is personal data.
    return not('JSON');
  }
  const replacements: Replacement[] = [];
  const fault = validateIJson(text, replacements);
  if (fault !== undefined) return refused('json-not-exact', fault);
  if (replacements.length > 0) value = JSON.parse(replaced(text, replacements));
  return { kind: 'json', value };
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
