/** Ids of documents by the value of one field, including older versions. */
export interface FieldIndex {
  add(value: unknown, id: string): void;
  /** Ids that have, or had, one of these values. */
  having(values: readonly unknown[]): Iterable<string>;
  /** Ids that have, or had, a number within these inclusive bounds. */
  within(low: number, high: number): Iterable<string>;
}

/** Entries stay when a document changes: readers must test each document again. */
export function createFieldIndex(): FieldIndex {
  const ids = new Map<unknown, Set<string>>();
  let numbers: number[] = [];
  let isSorted = true;

  function firstFrom(low: number): number {
    let [start, end] = [0, numbers.length];
    while (start < end) {
      const middle = (start + end) >> 1;
      if ((numbers[middle] ?? 0) < low) start = middle + 1;
      else end = middle;
    }
    return start;
  }

  return {
    add(value, id) {
      const known = ids.get(value);
      if (known) {
        known.add(id);
        return;
      }
      ids.set(value, new Set([id]));
      if (typeof value !== 'number') return;
      isSorted &&= value > (numbers.at(-1) ?? Number.NEGATIVE_INFINITY);
      numbers.push(value);
    },
    *having(values) {
      for (const value of values) yield* ids.get(value) ?? [];
    },
    *within(low, high) {
      if (!isSorted) {
        numbers = numbers.sort((one, other) => one - other);
        isSorted = true;
      }
      for (let at = firstFrom(low); at < numbers.length; at += 1) {
        const value = numbers[at] as number;
        if (value > high) return;
        yield* ids.get(value) ?? [];
      }
    },
  };
}
