/** Characters that JSON escapes, or that take several bytes. */
const LONGER = /[^ !#-[\]-~]/;

/**
 * Returns the approximate JSON size of a result in bytes. It stops at `maxBytes`, which bounds the
 * time too.
 */
export function jsonSize(value: unknown, maxBytes: number): number {
  if (typeof value === 'string') return sizeOfText(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value).length : 20;
  if (typeof value !== 'object' || value === null) return 5;
  if (value instanceof Date) return 26;
  // A payload with a key `then`; see event-interface.ts.
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return jsonSize(toJSON.call(value), maxBytes);
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      bytes += 1 + jsonSize(item, maxBytes - bytes);
      if (bytes > maxBytes) break;
    }
    return bytes;
  }
  for (const key of Object.keys(value)) {
    bytes +=
      2 + sizeOfText(key) + jsonSize((value as Record<string, unknown>)[key], maxBytes - bytes);
    if (bytes > maxBytes) break;
  }
  return bytes;
}

function sizeOfText(text: string): number {
  return LONGER.test(text) ? Buffer.byteLength(JSON.stringify(text)) : text.length + 2;
}
