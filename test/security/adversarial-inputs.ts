/** Joins `item(0)`, `item(1)`, … until the text has about `size` characters. */
export function fill(size: number, item: (index: number) => string, separator = ','): string {
  const items: string[] = [];
  for (let length = 0; length < size; length += (items.at(-1)?.length ?? 0) + 1) {
    items.push(item(items.length));
  }
  return items.join(separator);
}

/** Returns a function that repeats a text to about `size` characters. */
export function repeated(text: string) {
  return (size: number): string => text.repeat(size / text.length);
}

/** Calls a function and ignores its errors, because the time of a refusal is measured too. */
export function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return undefined;
  }
}
