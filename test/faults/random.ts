/** A generator whose numbers follow from what it was made of. */
export interface Random {
  /** At least 0, less than 1. */
  fraction(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  /** One of them; there must be one. */
  pick<T>(items: readonly T[]): T;
}

/**
 * Makes a generator from a seed and a name of what it decides, so that each decision is the same
 * again whatever else was decided before it: a run's timing never changes its choices.
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

/** FNV-1a with a last mix, 32 bits: neighbouring seeds must not give neighbouring states. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return value ^ (value >>> 13);
}
