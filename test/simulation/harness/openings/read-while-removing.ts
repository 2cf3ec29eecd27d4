import { removeAnnounced } from '../../../../src/log/remove-announced.ts';
import { createClient } from '../../driver/client.ts';
import { type Instance, openCollections } from '../instance.ts';
import { expectMoved, makeAcceptable, type Opening } from './opening.ts';

/** Within this time a removal that is not announced deletes events, in milliseconds. */
const DELETED_MS = 40;
const EVENTS = 3;

/**
 * Reads events that are about to be removed, at an instance that may not know it yet: it gives them
 * out, or refuses the cursor, and skips none.
 */
export async function readWhileRemoving(
  opening: Opening,
  holder: Instance,
  other: Instance,
): Promise<void> {
  const { world, seed, truth, violations } = opening;
  const { time } = world;
  const deliveries = Array.from({ length: EVENTS }, () => makeAcceptable(opening));
  for (const delivery of deliveries) await holder.post(delivery);
  await expectMoved(opening, deliveries);
  // The reader has seen them all.
  await time.wait(2_000);
  const positions = deliveries.flatMap(({ number }) => truth.positionOf(number) ?? []);
  const [first = 0, removedUpTo = 0] = positions;
  const events = other.feed.subscribe({}, first - 1);
  const client = createClient(world, 'retention', seed);
  const collections = openCollections(world, client);
  await collections.bounds.updateOne(
    { _id: 'bounds' },
    { $max: { removedUpTo } },
    { upsert: true },
  );
  const { signal } = new AbortController();
  const removal = removeAnnounced({ collections, signal, pause: (ms) => time.wait(ms) });
  await time.wait(DELETED_MS);
  const given = await events.next().then(
    ({ value }) => value?.position,
    () => undefined,
  );
  if (given !== undefined && given !== first) {
    violations.add('once', `${other.name} gave out ${given} behind ${first - 1}`);
  }
  void events.return?.();
  await removal.catch(() => undefined);
  client.kill();
}
