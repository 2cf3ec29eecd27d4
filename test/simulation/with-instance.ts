import { createRandom } from '../faults/random.ts';
import { type Instance, startInstance } from './harness/instance.ts';
import { type Delivery, makeDelivery } from './harness/make-delivery.ts';
import { setUp } from './harness/set-up.ts';
import { inWorld } from './open-world.ts';
import type { Member } from './replica-set/member.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

const profile = { electionTimeoutMs: 1_000, lag: 0 };
/** Options of an instance. */
export const options = {
  keepMs: undefined,
  capacity: 100,
  pageSize: 100,
  maxWaiting: 100,
  maxInboxEvents: 1_000,
};

export interface Given {
  world: World;
  instance: Instance;
  primary: Member;
  others: Member[];
  /** Posts the next delivery, of this user. */
  post(isAcceptable?: boolean, user?: number): Promise<{ status: number; position: number }>;
}

/** Makes a delivery of the first type, which has a user. */
export function deliveryOf(number: number, { isAcceptable = true, user = 0 } = {}): Delivery {
  const pick = <T>([first]: readonly T[]) => first as T;
  return makeDelivery(number, user, {
    ...createRandom(number),
    ...{ chance: () => !isAcceptable, pick },
  });
}

/** Runs one instance on a set of three members, with any seed. */
export async function withInstance(
  work: (given: Given) => Promise<void>,
  settings: Partial<typeof options> | { keepMs: number } = {},
): Promise<void> {
  await inWorld({ seed: 11, profile }, async (world) => {
    await setUp(world, 11);
    const started = startInstance(world, 'i1', 11, { ...options, ...settings });
    const instance = await settle(world, started);
    const primary = world.primary() as Member;
    let number = 0;
    await work({
      ...{ world, instance, primary },
      others: world.members.filter((one) => one !== primary),
      async post(isAcceptable = true, user = 0) {
        number += 1;
        const delivery = deliveryOf(number, { isAcceptable, user });
        const { status, body } = await settle(world, instance.post(delivery));
        return { status, position: body.position ?? 0 };
      },
    });
  });
}
