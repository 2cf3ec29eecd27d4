import type { Instance } from '../instance.ts';
import { userIdOf } from '../make-delivery.ts';
import { expectMoved, makeAcceptable, type Opening, waitFor } from './opening.ts';

const ELECTED_MS = 30_000;
const RETRY_MS = 1_000;
/** How long the event has to be given out, in milliseconds. */
const DELIVERED_MS = 3_000;

/**
 * A primary is stopped by a signal. A reader that reaches no other member does not learn that a user
 * was erased meanwhile, and the primary answers it before it learns of its successor.
 */
export async function wakeAPrimary(
  opening: Opening,
  eraser: Instance,
  reader: Instance,
): Promise<void> {
  const { world, plan, truth, erased } = opening;
  const { members, network, time } = world;
  const primary = world.primary();
  if (primary === undefined) return;
  const others = members.filter((one) => one !== primary);
  // Beyond the users of the sender.
  const userId = userIdOf(plan.users);
  const event = makeAcceptable(opening, plan.users);
  await eraser.post(event);
  await expectMoved(opening, [event]);
  const position = truth.positionOf(event.number);
  if (position === undefined) return;
  for (const { name } of others) network.break(reader.name, name, { kind: 'refused' });
  world.pause(primary);
  await waitFor(opening, () => others.some(({ role }) => role === 'primary'), ELECTED_MS);
  erased.begin(userId);
  while (!(await erase())) await time.wait(RETRY_MS);
  const given = reader.feed.subscribe({}, position - 1);
  void watch();
  world.resume(primary);
  await time.wait(DELIVERED_MS);
  void given.return?.();
  for (const { name } of others) network.heal(reader.name, name);

  async function erase(): Promise<boolean> {
    return eraser.log.eraser.erase(userId).then(
      () => {
        erased.confirm(userId);
        return true;
      },
      () => false,
    );
  }

  async function watch(): Promise<void> {
    for await (const one of given) erased.check(one, reader.name);
  }
}
