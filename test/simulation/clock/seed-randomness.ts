import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Random } from '../../faults/random.ts';

/**
 * Makes all sources of randomness in the process depend on a seed.
 *
 * @returns restores the real ones
 */
export function seedRandomness(random: Random): () => void {
  const real = {
    random: Math.random,
    randomInt: crypto.randomInt,
    randomBytes: crypto.randomBytes,
    randomUUID: crypto.randomUUID,
  };
  const randomBytes = (size: number) =>
    Buffer.from(Array.from({ length: size }, () => random.whole(0, 255)));
  Math.random = random.fraction;
  Object.assign(crypto, {
    randomBytes,
    randomInt: (low: number, high?: number) =>
      high === undefined ? random.whole(0, low - 1) : random.whole(low, high - 1),
    randomUUID: () =>
      randomBytes(16)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  });
  syncBuiltinESMExports();
  return () => {
    const { random: realRandom, ...functions } = real;
    Math.random = realRandom;
    Object.assign(crypto, functions);
    syncBuiltinESMExports();
  };
}
