import type { Random } from '../../faults/random.ts';
import type { World } from '../world.ts';
import { freezeInstance, isolateInstance } from './draw-fault.ts';
import type { ErasedUsers } from './erased-users.ts';
import type { Fleet } from './fleet.ts';
import { userIdOf } from './make-delivery.ts';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';
import { declare, restoreBackup, takeBackup } from './restore.ts';
import type { Sender } from './sender.ts';
import type { Subscriber } from './subscriber.ts';
import type { Truth } from './truth.ts';

interface Options {
  world: World;
  seed: number;
  plan: Plan;
  random: Random;
  progress: Progress;
  fleet: Fleet;
  sender: Sender;
  subscribers: readonly Subscriber[];
  truth: Truth;
  erased: ErasedUsers;
}

/** Starts the erasures and restores of a plan, each at its time. */
export function startOperator(options: Options): void {
  const { world, seed, plan, random, progress, fleet, sender, subscribers, truth, erased } =
    options;
  const { time, trace } = world;

  for (let user = 0; user < plan.erasures; user += 1) {
    void time.wait(random.whole(30_000, 200_000)).then(() => eraseBusy(user));
  }
  if (plan.restoreAtMs !== undefined) void restore(plan.restoreAtMs);
  if (plan.closeAtMs !== undefined) void eraseWhileClosed(plan.closeAtMs, plan.erasures);

  /** Starts an erasure while deliveries of the user are in flight or in the inbox. */
  async function eraseBusy(user: number): Promise<void> {
    if (random.chance(0.5)) freezeInstance({ world, random }, fleet.holders()[0]);
    for (let left = random.whole(0, 3); left > 0; left -= 1) {
      if (!progress.isRestoring) {
        for (let more = random.whole(1, 3); more > 0; more -= 1) sender.deliver(sender.make(user));
        sender.deliver(sender.make(undefined, user));
      }
      await time.wait(random.whole(5, 1_500));
    }
    // It has copies of the user's events while they are erased.
    if (random.chance(0.5)) random.pick(subscribers).replay();
    if (random.chance(0.4)) cutOffReader();
    await erase(userIdOf(user));
  }

  /** Cuts off an instance that has copies of events, for longer than the erasure takes. */
  function cutOffReader(): void {
    const [, ...others] = fleet.running();
    isolateInstance({ world, random }, others.at(-1), random.whole(8_000, 25_000));
  }

  async function erase(userId: string): Promise<void> {
    erased.begin(userId);
    for (;;) {
      const [instance] = fleet.running();
      if (instance === undefined || progress.isRestoring) {
        await time.wait(1_000);
        continue;
      }
      trace.add(`${userId} is erased at ${instance.name}`);
      const counts = await Promise.race([
        instance.log.eraser.erase(userId).catch((error) => void trace.add(`erasure: ${error}`)),
        instance.gone,
      ]);
      if (counts && instance.state !== 'gone') {
        progress.erasures += 1;
        trace.add(`${userId} was erased: ${JSON.stringify(counts)}`);
        erased.confirm(userId);
        return;
      }
      await time.wait(random.whole(500, 5_000));
    }
  }

  async function restore(atMs: number): Promise<void> {
    await time.wait(atMs - random.whole(5_000, 40_000));
    // Waits for inbox entries, which then meet a closed log.
    for (let left = 200; left > 0 && truth.inInbox() === 0; left -= 1) await time.wait(50);
    const backup = takeBackup(world);
    await time.wait(random.whole(5_000, 40_000));
    progress.isRestoring = true;
    // One that starts on a restored log, before `restored`, would use lost positions again.
    while (fleet.isStarting()) await time.wait(100);
    const isLive = random.chance(0.5);
    const lost = truth.head();
    for (const instance of fleet.running()) {
      // One that does not know of the lost events would use their positions again.
      if (isLive && instance.log.tailer.head() === lost) continue;
      instance.kill();
      fleet.replace(instance);
    }
    progress.restores += 1;
    const index = restoreBackup(world, backup);
    truth.restored(index);
    const toErase = erased.restored();
    const kept = truth.head();
    for (const subscriber of subscribers) subscriber.restored(kept);
    for (const member of world.members) world.restart(member);
    await declare(world, seed, lost - kept + random.whole(1, 100));
    trace.add(`the log ends at ${kept}, positions up to ${lost} were lost`);
    progress.isRestoring = false;
    for (const userId of toErase) void erase(userId);
    sender.restored();
  }

  /**
   * Declares a restore that lost nothing, on running instances. While it keeps the log closed, the
   * inbox is not moved: deliveries stay there that reach an instance which does not know of it yet.
   */
  async function eraseWhileClosed(atMs: number, user: number): Promise<void> {
    await time.wait(atMs);
    progress.restores += 1;
    progress.isClosing = true;
    void declare(world, seed, random.whole(1, 100)).then(() => {
      progress.isClosing = false;
    });
    while (progress.isClosing && !truth.isClosed()) await time.wait(50);
    // Made before the erasure begins: later events of the user are stored.
    const deliveries = Array.from({ length: 36 }, (_, index) =>
      index % 3 === 0 ? sender.make(undefined, user) : sender.make(user),
    );
    void erase(userIdOf(user));
    for (const delivery of deliveries) {
      sender.deliver(delivery);
      sender.post(1);
      await time.wait(random.whole(20, 150));
    }
  }
}
