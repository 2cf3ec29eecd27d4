/** Ratio of the large input to the small one. */
const FACTOR = 16;
/** The limit between linear growth (FACTOR) and quadratic growth (FACTOR²), on a log scale. */
export const MAX_GROWTH = FACTOR ** 1.5;
const MIN_ROUNDS = 2;
const MAX_ROUNDS = 15;
/** CPU time after which a measurement stops, in microseconds. */
const MAX_TOTAL_US = 2_000_000;
/** Shorter times are mostly noise and count as this one, in microseconds. */
const MIN_TIME_US = 500;

/**
 * Returns the factor by which the CPU time grows when the input is 16 times as long: about 16 for
 * linear work, 256 for quadratic work.
 *
 * Each round processes 16 small inputs and then a large one, which is the same amount of linear
 * work. Compilation, interruptions and garbage collection therefore affect both alike. The shortest
 * time of each counts. It measures 2 to 15 rounds, until the growth is below `MAX_GROWTH`.
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
