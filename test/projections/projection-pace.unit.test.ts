import { expect, test } from 'vitest';
import { createProjectionPace, isBehind } from '../../src/projections/projection-pace.ts';

const MINUTE_MS = 60_000;
const FEW = { positions: 100, ms: 3_000 };

interface Database {
  /** What a batch costs besides its events, and what each event adds, in milliseconds. */
  batchMs: number;
  eventMs: number;
  /** Events that arrive in a second, one after the other, so that deliveries always wait. */
  rate: number;
}

/** Lets projections follow a log at their pace for an hour; returns the lag after each batch. */
function follow({ batchMs, eventMs, rate }: Database) {
  const pace = createProjectionPace();
  const lags: { atMs: number; lagMs: number; size: number }[] = [];
  const perMs = rate / 1_000;
  let applied = 0;
  for (let nowMs = 0; nowMs < 60 * MINUTE_MS; ) {
    const size = Math.min(pace.batchSize(), Math.floor(nowMs * perMs) - applied);
    const tookMs = batchMs + size * eventMs;
    nowMs += tookMs;
    applied += size;
    const lagMs = nowMs - applied / perMs;
    lags.push({ atMs: nowMs, lagMs, size });
    // Without a lag it waits for the next batch.
    if (!isBehind({ positions: lagMs * perMs, ms: lagMs })) nowMs += 6_000;
    nowMs += pace.onApplied(tookMs, { lag: { positions: lagMs * perMs, ms: lagMs }, isBusy: true });
  }
  return lags;
}

const lastLags = (database: Database) =>
  follow(database).flatMap(({ atMs, lagMs }) => (atMs > 30 * MINUTE_MS ? [lagMs] : []));

test.for<Database & { database: string }>([
  { database: 'fast', batchMs: 10, eventMs: 0.1, rate: 200 },
  { database: 'fast, many events', batchMs: 10, eventMs: 0.1, rate: 5_000 },
  { database: 'with slow batches', batchMs: 500, eventMs: 0.5, rate: 200 },
  { database: 'with slow events', batchMs: 20, eventMs: 4, rate: 200 },
  { database: 'of a starved machine', batchMs: 3_000, eventMs: 4, rate: 60 },
  { database: 'of a starved machine, few events', batchMs: 5_000, eventMs: 20, rate: 4 },
  { database: 'that takes ten seconds for anything', batchMs: 10_000, eventMs: 4, rate: 20 },
])('the lag is bounded on a database that is $database', (database) => {
  expect(Math.max(...lastLags(database))).toBeLessThan(MINUTE_MS);
});

test('deliveries have 19 parts of 20 of the time while few events wait', () => {
  const pace = createProjectionPace();
  expect(pace.onApplied(40, { lag: FEW, isBusy: true })).toBe(19 * 40);
  expect(pace.onApplied(40, { lag: FEW, isBusy: false })).toBe(0);
});

test('no pause is longer than five seconds, however slow a batch was', () => {
  const pause = createProjectionPace().onApplied(20_000, { lag: FEW, isBusy: true });
  expect(pause).toBe(5_000);
});

test('the longer the lag, the shorter the pauses', () => {
  const pauses = [1_000, 10_000, 100_000].map((ms) =>
    createProjectionPace().onApplied(100, { lag: { positions: 5_000, ms }, isBusy: true }),
  );
  expect(pauses).toEqual([100, 50, 5]);
});

test('a batch that fails is halved until it succeeds', () => {
  const pace = createProjectionPace();
  const load = { lag: { positions: 5_000, ms: 100 }, isBusy: false };
  for (let batch = 0; batch < 9; batch += 1) pace.onApplied(1, load);
  expect(pace.batchSize()).toBe(4_000);
  for (let failure = 0; failure < 9; failure += 1) pace.onFailed();
  expect(pace.batchSize()).toBe(50);
});
