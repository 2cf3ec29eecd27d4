import type { Instance } from '../instance.ts';
import { userIdOf } from '../make-delivery.ts';
import { eraseUser, makeAcceptable, type Opening } from './opening.ts';

/** How long the event has to be given out, in milliseconds. */
const DELIVERED_MS = 3_000;

/**
 * An instance is paused before its insert of a user's event leaves. The insert comes after the user
 * was erased, and no instance may give the event out.
 */
export async function storeUnaware(
  opening: Opening,
  holder: Instance,
  other: Instance,
): Promise<void> {
  const { world, plan, erased } = opening;
  // Beyond the users of the sender. What the holder knows of erasures is fresh after a delivery.
  const user = plan.users;
  await holder.post(makeAcceptable(opening));
  const late = holder.post(makeAcceptable(opening, user));
  holder.freeze(60_000);
  const given = other.feed.subscribe({}, other.log.tailer.head());
  void watch();
  await eraseUser(opening, other, userIdOf(user));
  holder.thaw();
  await Promise.all([late, world.time.wait(DELIVERED_MS)]);
  void given.return?.();

  async function watch(): Promise<void> {
    for await (const event of given) erased.check(event, other.name);
  }
}
