/** Sizes of a work of which one is this many times the other. */
const GROWTH = 4;
/** Between GROWTH, which is linear, and its square. */
const MOST = 8;
/** V8 optimises what runs often, and what it makes of it may grow in another way. */
const FEWEST_ROUNDS = 8;
const MOST_ROUNDS = 40;
/** Ends the measurement of what is clearly not linear. Unit: microseconds of CPU time. */
const MOST_TIME_US = 10_000_000;
/** Shorter times say nothing: the clock of CPU time is coarse. Unit: microseconds. */
const LEAST_TIME_US = 4_000;

/**
 * Returns by what a work grows when its input is four times as long: 4 where it takes linear time, 16
 * where it takes quadratic time. Both sizes take turns, and of each the least CPU time counts: other
 * work on the machine makes a run longer and never shorter. It measures again until that is linear.
 */
export function growthOf<Input>(
  make: (size: number) => Input,
  work: (input: Input) => unknown,
  size: number,
): number {
  const [small, large] = [make(size), make(size * GROWTH)];
  let [least, leastOfLarge] = [Infinity, Infinity];
  let totalUs = 0;
  for (let round = 1; round <= MOST_ROUNDS && totalUs < MOST_TIME_US; round += 1) {
    const [ofSmall, ofLarge] = [cpuTimeUs(work, small), cpuTimeUs(work, large)];
    totalUs += ofSmall + ofLarge;
    least = Math.min(least, ofSmall);
    leastOfLarge = Math.min(leastOfLarge, ofLarge);
    if (round >= FEWEST_ROUNDS && leastOfLarge < MOST * Math.max(least, LEAST_TIME_US)) break;
  }
  return leastOfLarge / Math.max(least, LEAST_TIME_US);
}

/** Above it the time is not linear. */
export const MOST_GROWTH = MOST;

function cpuTimeUs<Input>(work: (input: Input) => unknown, input: Input): number {
  const before = process.cpuUsage();
  work(input);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
