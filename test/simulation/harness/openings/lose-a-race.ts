import type { Instance } from '../instance.ts';
import { expectMoved, makeAcceptable, type Opening, slowDown, waitFor } from './opening.ts';

/** Entries that the next holder moves at once. */
const ENTRIES = 4;
/**
 * The next holder opens the change stream and reads the inbox in three round trips. Its insert comes
 * behind that of the former one, of which it learns too late.
 */
const EXTRA_MS = 40;
const INSERT_MS = 250;

/**
 * A holder is paused until another instance has taken the lease. It goes on while that one moves
 * inbox entries, and its insert takes the first position.
 */
export async function loseARace(
  opening: Opening,
  holder: Instance,
  other: Instance,
): Promise<void> {
  const { world, fleet } = opening;
  const { time, counts } = world;
  const { elections } = counts;
  await expectMoved(opening, []);
  const late = holder.post(makeAcceptable(opening));
  holder.freeze(8_000);
  const deliveries = Array.from({ length: ENTRIES }, () => makeAcceptable(opening));
  const answers = await Promise.all(deliveries.map((one) => other.post(one)));
  await waitFor(opening, () => fleet.holders().some((one) => one !== holder), 8_000);
  const hurryOther = slowDown(opening, other, EXTRA_MS);
  await time.wait(INSERT_MS);
  holder.thaw();
  // Its insert has left, and it moves no entries.
  await time.wait(4);
  const hurryHolder = slowDown(opening, holder, 2 * EXTRA_MS);
  await late;
  await time.wait(500);
  hurryOther();
  hurryHolder();
  if (counts.elections !== elections) return;
  await expectMoved(
    opening,
    deliveries.filter((_, index) => answers[index]?.status === 200),
  );
}
