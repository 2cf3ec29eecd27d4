import type { Instance } from '../instance.ts';
import { isolatePrimary, makeAcceptable, type Opening, waitFor } from './opening.ts';

/** The answer comes when the primary steps down, or after the write's own timeout. */
const ANSWERED_MS = 14_000;

/**
 * A batch of a new delivery and a redelivery meets a primary that has just lost the others: its
 * answer has both a duplicate key and the error that no majority has what came before it.
 */
export async function failABatch(opening: Opening, holder: Instance): Promise<void> {
  const { world } = opening;
  const { time } = world;
  const known = makeAcceptable(opening);
  await holder.post(known);
  // What arrives while an insert is under way is the next batch.
  const first = holder.post(makeAcceptable(opening));
  await time.wait(2);
  const batch = [makeAcceptable(opening), known].map((one) => holder.post(one));
  await first;
  const heal = isolatePrimary(opening);
  await Promise.race([Promise.all(batch), time.wait(ANSWERED_MS)]);
  await time.wait(500);
  heal();
  await waitFor(opening, () => world.primary() !== undefined, 20_000);
}
