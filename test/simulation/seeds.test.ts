import { expect, test } from 'vitest';
import { runSeed } from './run-seed.ts';

/** `npm run test:simulation` runs more of them. */
const SEEDS = Array.from({ length: 8 }, (_, index) => index + 1);

test.each(SEEDS)('seed %i breaks no rule', async (seed) => {
  const { violation, events, simulatedMs } = await runSeed(seed);
  expect(violation).toBeUndefined();
  expect(events).toBeGreaterThan(0);
  expect(simulatedMs).toBeGreaterThanOrEqual(300_000);
});

test('the same seed gives the same trace', async () => {
  const [first, second] = [await runSeed(3), await runSeed(3)];
  expect(second.digest).toBe(first.digest);
});
