import type { World } from '../../world.ts';
import type { Instance } from '../instance.ts';
import { userIdOf } from '../make-delivery.ts';
import { expectMoved, makeAcceptable, type Opening, waitFor } from './opening.ts';

/** The user's events in the log. */
const EVENTS = 3;
/** How long an erasure takes to replace events, in milliseconds. */
const REPLACED_MS = 30_000;
/** How often a failed erasure is repeated. */
const REPETITIONS = 2;

/**
 * The primary steps down when a transaction of an erasure has replaced events and its commit has not
 * arrived: the transaction is lost, and what follows it is durable on the next primary.
 */
export async function failACommit(opening: Opening, eraser: Instance): Promise<void> {
  const { world, plan, erased } = opening;
  // Beyond the users of the sender.
  const user = plan.users;
  const userId = userIdOf(user);
  const events = Array.from({ length: EVENTS }, () => makeAcceptable(opening, user));
  for (const event of events) await eraser.post(event);
  await expectMoved(opening, events);
  erased.begin(userId);
  const erase = () =>
    eraser.log.eraser.erase(userId).then(
      () => true,
      () => false,
    );
  let isErased = erase();
  await waitFor(opening, () => isReplacing(world), REPLACED_MS);
  world.elections.handOver();
  for (let left = REPETITIONS; left > 0 && !(await isErased); left -= 1) isErased = erase();
  if (await isErased) erased.confirm(userId);
}

function isReplacing(world: World): boolean {
  const transactions = [...(world.primary()?.transactions.values() ?? [])];
  return transactions.some(({ changes }) =>
    [...changes.values()].some(
      ({ collection, before, after }) =>
        collection === 'events' && before === undefined && after !== undefined,
    ),
  );
}
