import type { Instance } from '../instance.ts';
import { makeAcceptable, type Opening, repeat, slowDown, waitFor } from './opening.ts';

/** Interval at which the holder deletes moved entries, in milliseconds. */
const DELETE_MS = 1_000;
/** Delay of each packet, so that lookup and insert are twice this apart, in milliseconds. */
const EXTRA_MS = 100;
/** How long before the deletion the lookup is sent, and the entry is moved, in milliseconds. */
const LOOKUP_MS = 230;
const MOVE_MS = 70;

/**
 * Sends a delivery again so that its lookup in the log comes before its entry is moved. Its insert
 * comes shortly after the holder's next deletion, or, from a paused process, when a moved entry has
 * been deleted.
 */
export async function raceADeletion(
  opening: Opening,
  holder: Instance,
  at: Instance,
): Promise<void> {
  const { world, random, truth } = opening;
  const { time } = world;
  const isPaused = random.chance(0.5);
  // The holder's next interval begins with the first entry.
  await waitFor(opening, () => truth.inInbox() === 0, 5_000);
  await time.wait(DELETE_MS + 200);
  const first = makeAcceptable(opening);
  await at.post(first);
  await waitFor(opening, () => truth.positionOf(first.number) !== undefined, 2_000);
  const startMs = time.nowMs();
  const until = (ms: number) => time.wait(startMs + ms - time.nowMs());

  await until(random.whole(250, 350));
  holder.freeze(5_000);
  const second = makeAcceptable(opening);
  const { status } = await at.post(second);
  const hurry = slowDown(opening, at, EXTRA_MS);
  await until(DELETE_MS - LOOKUP_MS);
  const repeated = status === 200 ? repeat(opening, at, second) : undefined;
  await until(DELETE_MS - MOVE_MS);
  holder.thaw();
  if (isPaused) at.freeze(2 * DELETE_MS);
  await repeated;
  hurry();
}
