/** A seeded generator of random numbers. */
export interface Random {
  /** At least 0, less than 1. */
  fraction(): number;
  /** An integer from `low` to `high`, inclusive. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  /** A random item of a list that is not empty. */
  pick<T>(items: readonly T[]): T;
}

/**
 * Creates a generator from a seed and the name of a decision, so that each decision is
 * reproducible, independently of other decisions and of the run's timing.
 */
export function createRandom(...from: readonly (string | number)[]): Random {
  let state = hash(from.join('/'));

  // mulberry32, by Tommy Ettinger, in the public domain.
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    fraction,
    whole: (low, high) => low + Math.floor(fraction() * (high - low + 1)),
    chance: (probability) => fraction() < probability,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError('there is nothing to pick from');
      return items[Math.floor(fraction() * items.length)] as T;
    },
  };
}

/** FNV-1a with a final mix, 32 bits: similar seeds must not give similar states. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return value ^ (value >>> 13);
}
