import type { StoredEvent } from '../../../../src/catalog/event.ts';
import { createClient } from '../../driver/client.ts';
import { type Instance, openCollections } from '../instance.ts';
import { type Delivery, userIdOf } from '../make-delivery.ts';
import { holdInbox } from './hold-inbox.ts';
import {
  eraseUser,
  expectMoved,
  makeAcceptable,
  type Opening,
  slowDown,
  waitFor,
} from './opening.ts';

/** The user's events in the log, and deliveries of each kind in the inbox. */
const EVENTS = 3;
const ENTRIES = 6;
/** How long an instance may take to deliver what it has a copy of, in milliseconds. */
const DELIVERED_MS = 1_000;

/**
 * Erases a user who is everywhere: in the log, in events that an interrupted removal has announced,
 * in the inbox, by name in the deliveries of others, and in the copies of an instance that is cut
 * off from the database.
 */
export async function eraseEverywhere(
  opening: Opening,
  eraser: Instance,
  reader: Instance,
): Promise<void> {
  const { world, plan, truth, erased, violations } = opening;
  const { network, time } = world;
  // Beyond the users of the sender.
  const user = plan.users;
  const userId = userIdOf(user);
  const events = Array.from({ length: EVENTS }, () => makeAcceptable(opening, user));
  for (const event of events) await eraser.post(event);
  await expectMoved(opening, events);
  const [removed = 0, ...others] = events.flatMap(({ number }) => truth.positionOf(number) ?? []);
  await waitFor(opening, () => reader.log.tailer.head() >= Math.max(removed, ...others), 10_000);
  const copies = reader.feed.subscribe({}, removed);
  await copies.next();
  await announceRemoval(removed);
  const release = await holdInbox(opening);
  const mentioning: Delivery[] = [];
  for (let left = ENTRIES; left > 0; left -= 1) {
    await eraser.post(makeAcceptable(opening, user));
    const delivery = makeAcceptable(opening, undefined, user);
    const { status } = await eraser.post(delivery);
    if (status === 200 && delivery.mentions !== undefined) mentioning.push(delivery);
  }

  const isStopped = opening.random.chance(0.5);
  if (isStopped) await stopWhileAsking();
  else for (const { name } of world.members) network.break(reader.name, name, { kind: 'refused' });
  const resuming = opening.random.chance(0.5) ? await interrupt() : eraser;
  await eraseUser(opening, resuming, userId);
  if (isStopped) {
    reader.thaw();
    await time.wait(3);
  }
  const next = copies.next().then(
    ({ value }) => check(value),
    () => undefined,
  );
  await Promise.race([next, time.wait(DELIVERED_MS)]);
  for (const { name } of world.members) network.heal(reader.name, name);
  await Promise.race([next, time.wait(5 * DELIVERED_MS)]);
  void copies.return?.();
  await release();
  // What is left of other users' deliveries is stored.
  await expectMoved(opening, []);
  for (const { number } of mentioning) {
    if (!truth.holds(number)) violations.add('stored', `delivery ${number} was lost by an erasure`);
  }

  /** Stops the reader while answers of the database are on their way to it. */
  async function stopWhileAsking(): Promise<void> {
    const hurry = slowDown(opening, reader, 400);
    await time.wait(1_500);
    reader.freeze(120_000);
    hurry();
    await time.wait(1_000);
  }

  /** Kills the eraser while it cleans the inbox; returns the instance that resumes. */
  async function interrupt(): Promise<Instance> {
    const { fleet } = opening;
    const before = truth.inInbox();
    erased.begin(userId);
    void eraser.log.eraser.erase(userId).catch(() => undefined);
    await waitFor(opening, () => truth.inInbox() !== before, 30_000);
    eraser.kill();
    fleet.replace(eraser);
    const others = () => fleet.running().filter((one) => one !== reader);
    await waitFor(opening, () => others().length > 0, 30_000);
    return others()[0] ?? eraser;
  }

  function check(event: StoredEvent | undefined): void {
    erased.check(event, reader.name);
  }

  /** Like an instance that was killed before it deleted what it announced. */
  async function announceRemoval(removedUpTo: number): Promise<void> {
    const client = createClient(world, 'retention', opening.seed);
    const { bounds } = openCollections(world, client);
    await bounds.updateOne({ _id: 'bounds' }, { $max: { removedUpTo } }, { upsert: true });
    client.kill();
  }
}
