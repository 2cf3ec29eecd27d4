/** One size is this many times the other. */
const FACTOR = 16;
/** Growth of linear work is FACTOR, of quadratic work its square; this is half way on a log scale. */
export const MAX_GROWTH = FACTOR ** 1.5;
const MIN_ROUNDS = 2;
const MAX_ROUNDS = 15;
/** CPU time after which work that is not linear is given up, in microseconds. */
const MAX_TOTAL_US = 2_000_000;
/** Shorter times say nothing about the work, in microseconds. */
const MIN_TIME_US = 500;

/**
 * Returns by which factor the CPU time of work grows when its input is 16 times as long: 16 where it
 * is linear, 256 where it is quadratic.
 *
 * Each round does the same amount of linear work twice: 16 small inputs, then one large. So both
 * are compiled, interrupted and collected alike on a busy machine, and the least time of each
 * counts. It measures again until the growth is below `MAX_GROWTH`, at most 15 times.
 *
 * @param size length of the small input
 */
export async function growthOf<Input>(
  make: (size: number) => Input,
  work: (input: Input) => unknown,
  size: number,
): Promise<number> {
  const small = Array.from({ length: FACTOR }, () => make(size));
  const large = make(size * FACTOR);
  let [smallUs, largeUs, totalUs] = [Infinity, Infinity, 0];
  const growth = () => (FACTOR * largeUs) / Math.max(smallUs, MIN_TIME_US);
  for (let round = 1; round <= MAX_ROUNDS && totalUs < MAX_TOTAL_US; round += 1) {
    const ofSmall = await cpuTimeUs(small, work);
    const ofLarge = await cpuTimeUs([large], work);
    totalUs += ofSmall + ofLarge;
    smallUs = Math.min(smallUs, ofSmall);
    largeUs = Math.min(largeUs, ofLarge);
    if (round >= MIN_ROUNDS && growth() < MAX_GROWTH) break;
  }
  return growth();
}

async function cpuTimeUs<Input>(
  inputs: readonly Input[],
  work: (input: Input) => unknown,
): Promise<number> {
  const before = process.cpuUsage();
  for (const input of inputs) await work(input);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
