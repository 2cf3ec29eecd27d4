import type { Random } from '../../../faults/random.ts';
import type { World } from '../../world.ts';
import type { ErasedUsers } from '../erased-users.ts';
import type { Fleet } from '../fleet.ts';
import type { Instance } from '../instance.ts';
import type { Delivery } from '../make-delivery.ts';
import type { Plan } from '../plan.ts';
import type { Sender } from '../sender.ts';
import type { Truth } from '../truth.ts';
import type { Violations } from '../violations.ts';

/** How long entries may wait in the inbox, in milliseconds. */
const MOVED_MS = 15_000;

/** What a situation before the first random fault is made of. */
export interface Opening {
  world: World;
  seed: number;
  plan: Plan;
  random: Random;
  fleet: Fleet;
  sender: Sender;
  truth: Truth;
  erased: ErasedUsers;
  violations: Violations;
}

/** Waits until a condition holds; returns false if it did not in time. */
export async function waitFor(
  { world: { time } }: Pick<Opening, 'world'>,
  isTrue: () => boolean,
  maxMs: number,
): Promise<boolean> {
  const endMs = time.nowMs() + maxMs;
  while (!isTrue()) {
    if (time.nowMs() >= endMs) return false;
    await time.wait(1);
  }
  return true;
}

/** Delays each packet between an instance and the members; returns a function that ends it. */
export function slowDown(
  { world: { members, network } }: Pick<Opening, 'world'>,
  { name: from }: Instance,
  extraMs: number,
): () => void {
  for (const { name } of members) network.break(from, name, { kind: 'slow', extraMs });
  return () => {
    for (const { name } of members) network.heal(from, name);
  };
}

/** Cuts the primary off from the other members; returns a function that ends it. */
export function isolatePrimary({ world }: Pick<Opening, 'world'>): () => void {
  const { members, network } = world;
  const primary = world.primary();
  const others = members.filter((one) => one !== primary);
  if (primary === undefined) return () => undefined;
  for (const { name } of others) network.break(primary.name, name, { kind: 'refused' });
  return () => {
    for (const { name } of others) network.heal(primary.name, name);
  };
}

/** Makes a delivery that is acceptable and storable. */
export function makeAcceptable(
  { sender }: Pick<Opening, 'sender'>,
  ...users: Parameters<Sender['make']>
): Delivery {
  for (;;) {
    const delivery = sender.make(...users);
    if (delivery.isAcceptable && delivery.isStorable) return delivery;
  }
}

/** Posts a delivery, which an instance must not take for new once it was acknowledged. */
export async function repeat(
  { violations, world: { counts } }: Pick<Opening, 'violations' | 'world'>,
  at: Instance,
  delivery: Delivery,
): Promise<void> {
  const { elections } = counts;
  const { body } = await at.post(delivery);
  if (counts.elections !== elections || body.status !== 'stored') return;
  violations.add('duplicate', `${at.name} took ${delivery.number}, sent before, for new`);
}

/** Erases a user; from then on nothing may name the user. */
export async function eraseUser(
  { erased, violations }: Pick<Opening, 'erased' | 'violations'>,
  at: Instance,
  userId: string,
): Promise<void> {
  erased.begin(userId);
  try {
    await at.log.eraser.erase(userId);
    erased.confirm(userId);
  } catch (error) {
    violations.add('fault', `an erasure failed without a fault: ${error}`);
  }
}

/** Expects that accepted deliveries get their positions, and that the inbox is empty soon. */
export async function expectMoved(
  opening: Opening,
  deliveries: readonly Delivery[],
): Promise<void> {
  const { truth, violations } = opening;
  const isMoved = ({ number }: Delivery) => truth.positionOf(number) !== undefined;
  const isOver = () => truth.inInbox() === 0 && deliveries.every(isMoved);
  if (await waitFor(opening, isOver, MOVED_MS)) return;
  const missing = deliveries.filter((one) => !isMoved(one)).map(({ number }) => number);
  violations.add('hang', `without a position: ${missing}; in the inbox: ${truth.inInbox()}`);
}
