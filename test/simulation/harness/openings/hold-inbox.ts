import { createClient } from '../../driver/client.ts';
import { openCollections } from '../instance.ts';
import { type Opening, waitFor } from './opening.ts';

/** A lease that was not renewed for this long may be taken, in milliseconds. */
const EXPIRED_MS = 2_000;
const RENEW_MS = 400;

/**
 * Takes the writer lease like an instance that renews it and moves nothing. All deliveries then go
 * into the inbox, and stay there until the returned function has released the lease.
 */
export async function holdInbox(opening: Opening): Promise<() => Promise<void>> {
  const { world, seed, fleet } = opening;
  const { time } = world;
  const client = createClient(world, 'wedged', seed);
  const { writer } = openCollections(world, client);
  let isHeld = true;
  while (!(await take())) await time.wait(50);
  void renew();
  await waitFor(opening, () => fleet.holders().length === 0, 15_000);
  return async () => {
    isHeld = false;
    await writer.updateOne({ _id: 'writer' }, { $set: { holder: null } }).catch(() => undefined);
    client.kill();
  };

  /** Takes it after the time without a renewal, and before another instance does. */
  async function take(): Promise<boolean> {
    const before = await writer.findOne({ _id: 'writer' }).catch(() => null);
    let seen = before;
    while (seen && seen.counter === before?.counter) {
      await time.wait(50);
      seen = await writer.findOne({ _id: 'writer' }).catch(() => null);
    }
    if (seen === null) return false;
    for (const holder of fleet.holders()) holder.freeze(EXPIRED_MS + 300);
    await time.wait(EXPIRED_MS + 50);
    const next = { $set: { holder: client.name, counter: 0 } };
    const { holder, counter } = seen;
    const taken = writer.updateOne({ _id: 'writer', holder, counter }, next);
    return taken.then(
      ({ matchedCount }) => matchedCount === 1,
      () => false,
    );
  }

  async function renew(): Promise<void> {
    while (isHeld) {
      await writer.updateOne({ _id: 'writer' }, { $inc: { counter: 1 } }).catch(() => undefined);
      await time.wait(RENEW_MS);
    }
  }
}
