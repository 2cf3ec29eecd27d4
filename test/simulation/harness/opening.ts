import type { Instance } from './instance.ts';
import { eraseEverywhere } from './openings/erase-everywhere.ts';
import { failABatch } from './openings/fail-a-batch.ts';
import { failACommit } from './openings/fail-a-commit.ts';
import { failAQuarantine } from './openings/fail-a-quarantine.ts';
import { loseARace } from './openings/lose-a-race.ts';
import type { Opening } from './openings/opening.ts';
import { raceADeletion } from './openings/race-a-deletion.ts';
import { readWhileRemoving } from './openings/read-while-removing.ts';
import { rollBackARemoval } from './openings/roll-back-a-removal.ts';
import { storeUnaware } from './openings/store-unaware.ts';
import { wakeAPrimary } from './openings/wake-a-primary.ts';

/** Deliveries posted at once. */
const BURST = 10;
const BURSTS = 12;

/** Situations for several instances. */
const situations = [
  raceADeletion,
  loseARace,
  failABatch,
  failACommit,
  eraseEverywhere,
  storeUnaware,
  rollBackARemoval,
  readWhileRemoving,
  wakeAPrimary,
];

/**
 * Checks what only holds without faults, before the first random one: the inbox recognises
 * redeliveries, and accepts no more than its limit. Then makes one of the situations that random
 * faults rarely hit.
 */
export async function checkOpening(opening: Opening): Promise<void> {
  const { world, plan, random, fleet, sender, truth, violations } = opening;
  const { time, counts } = world;
  const [holder] = fleet.holders();
  const others = fleet.running().filter((one) => one !== holder);
  if (holder === undefined) return;
  if (others.length === 0) {
    if (random.chance(0.5)) {
      await random.pick([failABatch, failACommit, rollBackARemoval])(opening, holder);
    }
    return;
  }
  const { elections } = counts;
  // The holder looks into the inbox only once it has seen an entry.
  if (await acceptOne(random.pick(others))) {
    for (let left = 4; left > 0; left -= 1) await repeatAtHolder(random.pick(others), holder);
  }
  if (plan.maxInboxEvents < BURST * BURSTS) await fill(holder);
  else {
    // The inbox accepts what the log refuses.
    const isQuarantining = plan.refusedBy.length === 1 && random.chance(0.5);
    const situation = isQuarantining ? failAQuarantine : random.pick(situations);
    world.trace.add(`the situation is ${situation.name}`);
    await situation(opening, holder, random.pick(others));
  }

  /** Returns true when a delivery has gone through the inbox. */
  async function acceptOne(at: Instance): Promise<boolean> {
    const delivery = sender.make();
    const { status } = await at.post(delivery);
    const isMoved = () => truth.positionOf(delivery.number) !== undefined;
    for (let left = 20; left > 0 && !isMoved(); left -= 1) await time.wait(100);
    return status === 200 && isMoved();
  }

  /** Posts one delivery at two instances, like a sender that the first answer did not reach. */
  async function repeatAtHolder(at: Instance, holder: Instance): Promise<void> {
    const delivery = sender.make();
    const first = await at.post(delivery);
    const second = await holder.post(delivery);
    await time.wait(random.whole(100, 500));
    if (first.status !== 200 || counts.elections !== elections) return;
    if (second.body.status === 'stored') {
      violations.add('duplicate', `${holder.name} took ${delivery.number}, in the inbox, for new`);
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
