/** A log that is split into partitions by user, each with its own primary and its own positions. */
export interface PartitionedLog {
  partitions: number;
  /** Events per second in all. */
  rate: number;
  seconds: number;
  /** Time of an insert of no events: the flush and the majority, in milliseconds. */
  fixedMs: number;
  /** What each event adds to an insert, in milliseconds. */
  perEventMs: number;
  maxBatch: number;
  users: number;
  /** Exponent of the distribution of events over users; 0 for equal shares. */
  skew: number;
  /** Between two ticks that each partition writes for the merged order, in milliseconds. */
  tickMs: number;
  /** For how long the first partition appends nothing, as during a take-over, in milliseconds. */
  outageMs: number;
  seed: number;
}

/** Times from the arrival of each event, in milliseconds. */
export interface PartitionTimes {
  /** Until it is durable in its partition, and acknowledged. */
  acknowledgedMs: number[];
  /** Until a reader of all partitions knows its place in the merged order. */
  mergedMs: number[];
  /** Load of the partition with the most events, to an equal share. */
  largestShare: number;
  /** Its events to what it could insert in batches of the largest size; above 1 it falls behind. */
  largestLoad: number;
}

interface Event {
  arrivedMs: number;
  durableMs: number;
}

/**
 * Simulates group commit in each partition: events that arrive during an insert form the next batch.
 * The merged order sorts by tick, partition and position. An event has its place there once every
 * partition has closed its tick.
 */
export function simulatePartitions(log: PartitionedLog): PartitionTimes {
  const random = createRandom(log.seed);
  const partitionOf = createRouter(log, random);
  const arrivals = Array.from({ length: log.partitions }, (): Event[] => []);
  for (let nowMs = 0; ; ) {
    nowMs -= (Math.log(1 - random()) * 1_000) / log.rate;
    if (nowMs > log.seconds * 1_000) break;
    arrivals[partitionOf()]?.push({ arrivedMs: nowMs, durableMs: Number.NaN });
  }
  for (const [index, events] of arrivals.entries()) commitAll(events, log, index === 0);
  const closedMs = closeTicks(arrivals, log);
  const all = arrivals.flat();
  const counts = arrivals.map(({ length }) => length);
  const largest = Math.max(...counts);
  const fastest = log.maxBatch / (log.fixedMs + log.maxBatch * log.perEventMs);
  return {
    acknowledgedMs: all.map(({ arrivedMs, durableMs }) => durableMs - arrivedMs),
    mergedMs: all.map(({ arrivedMs, durableMs }) => {
      const tick = Math.floor(durableMs / log.tickMs);
      return (closedMs[tick] ?? Number.NaN) - arrivedMs;
    }),
    largestShare: (largest * log.partitions) / all.length,
    largestLoad: largest / (log.seconds * 1_000) / fastest,
  };
}

/** Commits the events of a partition in batches. */
function commitAll(events: readonly Event[], log: PartitionedLog, hasOutage: boolean): void {
  const outageFromMs = (log.seconds * 1_000) / 2;
  let freeMs = 0;
  for (let next = 0; next < events.length; ) {
    let startMs = Math.max(freeMs, events[next]?.arrivedMs ?? 0);
    const outageToMs = outageFromMs + log.outageMs;
    if (hasOutage && startMs >= outageFromMs && startMs < outageToMs) startMs = outageToMs;
    let end = next;
    while (end - next < log.maxBatch && (events[end]?.arrivedMs ?? Infinity) <= startMs) end += 1;
    freeMs = startMs + log.fixedMs + (end - next) * log.perEventMs;
    for (const event of events.slice(next, end)) event.durableMs = freeMs;
    next = end;
  }
}

/** When each tick is closed in every partition: the next insert after its end says so. */
function closeTicks(arrivals: readonly (readonly Event[])[], log: PartitionedLog): number[] {
  const lastMs = Math.max(...arrivals.map((events) => events.at(-1)?.durableMs ?? 0));
  const closedMs = Array<number>(Math.ceil(lastMs / log.tickMs) + 1).fill(0);
  for (const events of arrivals) {
    let next = 0;
    for (const tick of closedMs.keys()) {
      const endMs = (tick + 1) * log.tickMs;
      while (next < events.length && (events[next]?.durableMs ?? Infinity) < endMs) next += 1;
      // Without events the tick is an insert of its own.
      const tickDurableMs = events[next]?.durableMs ?? endMs + log.fixedMs;
      closedMs[tick] = Math.max(closedMs[tick] ?? 0, Math.max(tickDurableMs, endMs));
    }
  }
  return closedMs;
}

/** Returns a function that draws the partition of the next event: a user, by weight, and its hash. */
function createRouter({ partitions, users, skew }: PartitionedLog, random: () => number) {
  const cumulative = new Float64Array(users);
  const partitionOfUser = new Uint16Array(users);
  let sum = 0;
  for (let user = 0; user < users; user += 1) {
    sum += (user + 1) ** -skew;
    cumulative[user] = sum;
    partitionOfUser[user] = Math.floor(random() * partitions);
  }
  return function draw(): number {
    const wanted = random() * sum;
    let low = 0;
    let high = users - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return partitionOfUser[low] ?? 0;
  };
}

/** A generator of numbers from 0 to 1 (mulberry32), the same for each run with a seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
