/** Numbers states by their keys, of which it keeps 64 bits of a hash. */
export interface StateSet {
  /** Returns the number of a state, and whether it is new; the first one is 0. */
  add(key: string): { id: number; isNew: boolean };
  size(): number;
}

const FIRST_CAPACITY = 1 << 12;

/**
 * Creates a set with open addressing. Two of n states share a hash with a probability of about
 * n²/2⁶⁵: 0.000003 for ten million. Then one of them is not visited (hash compaction).
 */
export function createStateSet(): StateSet {
  let capacity = FIRST_CAPACITY;
  let [low, high, ids] = tables(capacity);
  let size = 0;

  function tables(slots: number) {
    return [
      new Uint32Array(slots),
      new Uint32Array(slots),
      new Int32Array(slots).fill(-1),
    ] as const;
  }

  /** Returns the slot of a hash, or the free slot for it. */
  function slotOf(lower: number, upper: number): number {
    let slot = lower & (capacity - 1);
    while (ids[slot] !== -1 && !(low[slot] === lower && high[slot] === upper)) {
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  }

  function grow(): void {
    const [oldLow, oldHigh, oldIds] = [low, high, ids];
    capacity *= 2;
    [low, high, ids] = tables(capacity);
    for (const [old, id] of oldIds.entries()) {
      if (id === -1) continue;
      put(slotOf(oldLow[old] as number, oldHigh[old] as number), oldLow[old], oldHigh[old], id);
    }
  }

  function put(slot: number, lower = 0, upper = 0, id = 0): void {
    low[slot] = lower;
    high[slot] = upper;
    ids[slot] = id;
  }

  return {
    add(key) {
      const [lower, upper] = hash(key);
      const slot = slotOf(lower, upper);
      const known = ids[slot] as number;
      if (known !== -1) return { id: known, isNew: false };
      const id = size;
      put(slot, lower, upper, id);
      size += 1;
      if (size > capacity / 2) grow();
      return { id, isNew: true };
    },
    size: () => size,
  };
}

/** cyrb53 without its last step, by bryc, in the public domain: two independent halves of 32 bits. */
function hash(text: string): [number, number] {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 2654435761);
    other = Math.imul(other ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return [one >>> 0, other >>> 0];
}
