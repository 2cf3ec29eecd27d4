import { createRandom } from '../faults/random.ts';
import { seedRandomness } from './clock/seed-randomness.ts';
import { installVirtualTime } from './clock/virtual-time.ts';
import type { Profile } from './profile.ts';
import { createTrace } from './trace.ts';
import { createWorld, type World } from './world.ts';

export interface WorldOptions {
  seed: number;
  /** Number of trace lines to keep. */
  keepLines?: number;
  profile?: Profile;
}

/** Runs work in its own world, with the process's clock and randomness replaced by the seed's. */
export async function inWorld<T>(
  { seed, keepLines = 2_000, profile }: WorldOptions,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const time = installVirtualTime(createRandom(seed, 'order'));
  const restore = seedRandomness(createRandom(seed, 'chance'));
  try {
    const world = createWorld(seed, time, createTrace(time.nowMs, keepLines), profile);
    world.elections.start();
    return await work(world);
  } finally {
    restore();
    time.uninstall();
  }
}
