import { percentile } from '../load/percentile.ts';
import { toTable } from '../report/to-markdown.ts';
import { type PartitionedLog, simulatePartitions } from './simulate-partitions.ts';

// Prints what a log that is split over several primaries would do at 100,000 events per second. See
// "Beyond one primary" in docs/operate/scale.md.

const base: PartitionedLog = {
  partitions: 32,
  rate: 100_000,
  seconds: 10,
  fixedMs: 4,
  // 7,000 events per second and primary, as measured for one instance on two cores.
  perEventMs: 1 / 7,
  maxBatch: 1_000,
  users: 1_000_000,
  skew: 0.8,
  tickMs: 50,
  outageMs: 0,
  seed: 1,
};

const cases: readonly Partial<PartitionedLog>[] = [
  { partitions: 16 },
  { partitions: 24 },
  { partitions: 32 },
  { partitions: 64 },
  { skew: 0 },
  { skew: 1 },
  { tickMs: 10 },
  { outageMs: 2_500 },
];

const rows = cases.map((change) => {
  const log = { ...base, ...change };
  const { acknowledgedMs, mergedMs, largestShare, largestLoad } = simulatePartitions(log);
  const what = Object.entries(change).map(([key, value]) => `${key} ${value}`);
  const percentiles = [acknowledgedMs, mergedMs].flatMap((all) => percentile(all, 0.5, 0.99));
  return [what.join(', '), largestShare, largestLoad, ...percentiles];
});
process.stdout.write(
  `${toTable({
    title: `${base.rate.toLocaleString('en')} events/s, ${base.partitions} partitions unless given`,
    columns: [
      ...['', 'largest partition, to an equal share', 'its load', 'ack p50 ms', 'p99'],
      ...['place in the merged order p50 ms', 'p99'],
    ],
    rows,
  })}\n`,
);
