import { EventlineError } from '../../../../src/errors.ts';
import { createClient } from '../../driver/client.ts';
import { type Instance, openCollections } from '../instance.ts';
import { expectMoved, isolatePrimary, makeAcceptable, type Opening, waitFor } from './opening.ts';

/** How long the announcement is asked for, in milliseconds; instances read it every 1.5 s. */
const ASKED_MS = 6_000;

/**
 * A removal is announced on a primary that has just lost the others, and rolled back later. Until
 * then no cursor may be refused because of it.
 */
export async function rollBackARemoval(opening: Opening, holder: Instance): Promise<void> {
  const { world, seed, truth, violations } = opening;
  const { time } = world;
  const delivery = makeAcceptable(opening);
  await holder.post(delivery);
  await expectMoved(opening, [delivery]);
  const removedUpTo = truth.positionOf(delivery.number) ?? 0;
  const cursor = holder.log.cursors.encode(removedUpTo - 1);
  const heal = isolatePrimary(opening);
  const client = createClient(world, 'retention', seed);
  const { bounds } = openCollections(world, client);
  const announce = { $max: { removedUpTo } };
  void bounds.updateOne({ _id: 'bounds' }, announce, { upsert: true }).catch(() => undefined);
  for (let left = ASKED_MS / 200; left > 0; left -= 1) {
    await time.wait(200);
    const code = await holder.log.positionOf(cursor).then(() => '', codeOf);
    if (code !== 'CURSOR_EXPIRED' || truth.removedUpTo() >= removedUpTo) continue;
    violations.add('cursor', `${holder.name} believes a removal that no majority has`);
  }
  client.kill();
  heal();
  await waitFor(opening, () => world.primary() !== undefined, 20_000);
}

function codeOf(error: unknown): string {
  return error instanceof EventlineError ? error.code : '';
}
