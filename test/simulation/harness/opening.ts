import type { Random } from '../../faults/random.ts';
import type { World } from '../world.ts';
import type { Fleet } from './fleet.ts';
import type { Instance } from './instance.ts';
import type { Delivery } from './make-delivery.ts';
import type { Plan } from './plan.ts';
import type { Sender } from './sender.ts';
import type { Truth } from './truth.ts';
import type { Violations } from './violations.ts';

/** Deliveries posted at once. */
const BURST = 10;
const BURSTS = 12;

/** Deliveries that are sent again while their entries are moved. */
const RACING = 6;
/** How long an entry may stay in the inbox behind its move, in milliseconds. */
const DELETED_MS = 2_500;

interface Options {
  world: World;
  plan: Plan;
  random: Random;
  fleet: Fleet;
  sender: Sender;
  truth: Truth;
  violations: Violations;
}

/**
 * Checks what only holds without faults, before the first of them: the inbox recognises duplicates,
 * and accepts no more than its limit.
 */
export async function checkOpening(options: Options): Promise<void> {
  const { world, plan, random, fleet, sender, truth, violations } = options;
  const { time, counts } = world;
  const [holder] = fleet.holders();
  const others = fleet.running().filter((one) => one !== holder);
  if (holder === undefined || others.length === 0) return;
  const { elections } = counts;
  // The holder looks into the inbox only once it has seen an entry.
  if (await acceptOne(random.pick(others))) {
    for (let left = 4; left > 0; left -= 1) await repeat(random.pick(others), holder);
  }
  await race(random.pick(others), holder);
  if (plan.maxInboxEvents < BURST * BURSTS) await fill(holder);

  /** Returns true when a delivery has gone through the inbox. */
  async function acceptOne(at: Instance): Promise<boolean> {
    const delivery = sender.make();
    const { status } = await at.post(delivery);
    const isMoved = () => truth.positionOf(delivery.number) !== undefined;
    for (let left = 20; left > 0 && !isMoved(); left -= 1) await time.wait(100);
    return status === 200 && isMoved();
  }

  /** Posts one delivery at two instances, like a sender that the first answer did not reach. */
  async function repeat(at: Instance, holder: Instance): Promise<void> {
    const delivery = sender.make();
    const first = await at.post(delivery);
    const second = await holder.post(delivery);
    await time.wait(random.whole(100, 500));
    if (first.status !== 200 || counts.elections !== elections) return;
    if (second.body.status === 'stored') {
      violations.add('duplicate', `${holder.name} took ${delivery.number}, in the inbox, for new`);
    }
  }

  /**
   * Posts deliveries again while the holder moves their entries. An entry may be moved and deleted
   * between the lookup in the log and the insert, over a slow connection or in a paused process.
   */
  async function race(at: Instance, holder: Instance): Promise<void> {
    holder.freeze(random.whole(300, 1_500));
    const deliveries = Array.from({ length: RACING }, () => sender.make());
    const firsts = await Promise.all(deliveries.map((one) => at.post(one)));
    const accepted = deliveries.filter((_, index) => firsts[index]?.status === 200);
    if (random.chance(0.5)) {
      const repeats = accepted.map((delivery) => repeatOnce(at, delivery));
      await time.wait(random.whole(1, 10));
      at.freeze(random.whole(3_200, 4_500));
      await Promise.all(repeats);
      return;
    }
    const extraMs = random.pick([60, 120]);
    for (const { name } of world.members) {
      world.network.break(at.name, name, { kind: 'slow', extraMs });
    }
    await Promise.all(accepted.map((delivery) => repeatUntilDeleted(at, delivery)));
    for (const { name } of world.members) world.network.heal(at.name, name);
  }

  async function repeatOnce(at: Instance, delivery: Delivery): Promise<void> {
    const { body } = await at.post(delivery);
    if (counts.elections !== elections || body.status !== 'stored') return;
    violations.add('duplicate', `${at.name} took ${delivery.number}, sent before, for new`);
  }

  async function repeatUntilDeleted(at: Instance, delivery: Delivery): Promise<void> {
    const isMoved = () => truth.positionOf(delivery.number) !== undefined;
    const endMs = time.nowMs() + 10_000;
    let movedMs = Number.POSITIVE_INFINITY;
    while (time.nowMs() < endMs && time.nowMs() < movedMs + DELETED_MS) {
      await repeatOnce(at, delivery);
      if (counts.elections !== elections) return;
      if (isMoved()) movedMs = Math.min(movedMs, time.nowMs());
      await time.wait(random.whole(1, 60));
    }
  }

  /** Posts more than the inbox holds while it is not moved. */
  async function fill(holder: Instance): Promise<void> {
    holder.freeze(1_500);
    // Each instance counts the entries of the others once a second.
    const most = others.length * (plan.maxInboxEvents + 2 * BURST);
    for (let left = BURSTS; left > 0; left -= 1) {
      const at = random.pick(others);
      await Promise.all(Array.from({ length: BURST }, () => at.post(sender.make())));
      if (truth.inInbox() > most) {
        violations.add('memory', `${truth.inInbox()} entries are in the inbox, more than ${most}`);
      }
    }
  }
}
