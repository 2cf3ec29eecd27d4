/** Repeats what `item` returns for 0, 1, 2 … until the text has about `size` characters. */
export function fill(size: number, item: (index: number) => string, separator = ','): string {
  const items: string[] = [];
  for (let length = 0; length < size; length += (items.at(-1)?.length ?? 0) + 1) {
    items.push(item(items.length));
  }
  return items.join(separator);
}

/** Returns a function that repeats a text up to a number of characters. */
export function many(text: string) {
  return (size: number): string => text.repeat(size / text.length);
}

/** Returns what the work returns, or undefined where it throws: a refusal takes its time too. */
export function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return undefined;
  }
}
