import type { JsonValue } from './json.ts';

/**
 * Returns the canonical text of a value (RFC 8785, JSON Canonicalization Scheme), as the package
 * `canonicalize` does. A list of primitive values is written by one call of JSON.stringify: a body of
 * 1 MiB may have 500,000 of them.
 *
 * @param value I-JSON (RFC 7493) of limited depth
 * @throws Error for NaN or Infinity, which JSON cannot represent
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return primitive(value);
  if (Array.isArray(value)) {
    return value.every(isSimple)
      ? JSON.stringify(value)
      : `[${value.map(canonicalJson).join(',')}]`;
  }
  const members = Object.keys(value)
    // Compares UTF-16 code units, as RFC 8785 asks (3.2.3).
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as JsonValue)}`);
  return `{${members.join(',')}}`;
}

function primitive(value: JsonValue): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error('JSON cannot represent NaN or Infinity');
  }
  return JSON.stringify(value);
}

function isSimple(value: JsonValue): boolean {
  return typeof value === 'object'
    ? value === null
    : typeof value !== 'number' || Number.isFinite(value);
}
