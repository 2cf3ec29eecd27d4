import type { Instance } from '../instance.ts';
import { makeAcceptable, type Opening, waitFor } from './opening.ts';

/** The answer comes when the primary steps down, or after the write's own timeout. */
const ANSWERED_MS = 14_000;

/**
 * A batch of a new delivery and a redelivery meets a primary that has just lost the others: its
 * answer has both a duplicate key and the error that no majority has what came before it.
 */
export async function failABatch(opening: Opening, holder: Instance): Promise<void> {
  const { world } = opening;
  const { network, time } = world;
  const known = makeAcceptable(opening);
  await holder.post(known);
  const primary = world.primary();
  if (primary === undefined) return;
  // What arrives while an insert is under way is the next batch.
  const first = holder.post(makeAcceptable(opening));
  await time.wait(2);
  const batch = [makeAcceptable(opening), known].map((one) => holder.post(one));
  await first;
  for (const other of world.members) {
    if (other !== primary) network.break(primary.name, other.name, { kind: 'refused' });
  }
  await Promise.race([Promise.all(batch), time.wait(ANSWERED_MS)]);
  await time.wait(500);
  for (const other of world.members) network.heal(primary.name, other.name);
  await waitFor(opening, () => world.primary() !== undefined, 20_000);
}
