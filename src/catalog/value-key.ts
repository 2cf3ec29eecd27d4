/**
 * Returns a string that is equal for two values exactly when they are equal: JSON with sorted
 * members and instants distinguished from strings. Undefined for a value with anything other than
 * JSON, instants and absent members; such a value equals no other.
 */
export function valueKey(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== 'object') return undefined;
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? undefined : `@${value.getTime()}`;
  }
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const item of value) {
      const key = valueKey(item);
      if (key === undefined) return undefined;
      parts.push(key);
    }
    return `[${parts.join()}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return undefined;
  for (const name of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    const key = valueKey(member);
    if (key === undefined) return undefined;
    parts.push(`${JSON.stringify(name)}:${key}`);
  }
  return `{${parts.join()}}`;
}
