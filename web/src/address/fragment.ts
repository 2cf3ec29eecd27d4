/** Raw names and values: `URLSearchParams` would decode a comma within an id. */
export function valuesOf(query: string): ReadonlyMap<string, string> {
  return new Map(
    query.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value];
    }),
  );
}

/** Returns comma-separated ids without duplicates; a comma within an id is percent-encoded. */
export function idsOf(text: string | undefined): string[] {
  const ids = (text ?? '').split(',').map((value) => decode(value) ?? '');
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** Returns comma-separated typed values, trimmed and without duplicates. */
export function listOf(text: string): string[] {
  const values = text.split(',').map((value) => value.trim());
  return [...new Set(values.filter((value) => value !== ''))];
}

export function instantOf(text: string | undefined): string | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Colons stay readable. */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}
