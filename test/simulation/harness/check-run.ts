import type { World } from '../world.ts';
import type { ErasedUsers } from './erased-users.ts';
import type { Fleet } from './fleet.ts';
import { createHolderWatch } from './lease-watch.ts';
import { type Plan, plannedErasures } from './plan.ts';
import type { Progress } from './progress.ts';
import type { Sender } from './sender.ts';
import type { Subscriber } from './subscriber.ts';
import type { Truth } from './truth.ts';
import type { Violations } from './violations.ts';

/** By how many entries the inbox may exceed its limit, which each instance checks once a second. */
const MAX_BEYOND = 300;
/** Maximum concurrent database calls of one instance. */
const MAX_CALLS = 100;
/** Maximum deliveries that wait at one instance. */
const MAX_EVENTS = 1_000;

export interface CheckedRun {
  world: World;
  plan: Plan;
  progress: Progress;
  fleet: Fleet;
  sender: Sender;
  subscribers: readonly Subscriber[];
  truth: Truth;
  erased: ErasedUsers;
  violations: Violations;
}

/** Returns a function that checks the bounds of memory and the holders; called once a second. */
export function createWatch({ world, plan, fleet, truth, violations }: CheckedRun): () => void {
  const watchHolders = createHolderWatch(world, violations);
  return () => {
    watchHolders(fleet.holders().map(({ name }) => name));
    if (truth.inInbox() > plan.maxInboxEvents + MAX_BEYOND) {
      violations.add('memory', `${truth.inInbox()} entries are in the inbox`);
    }
    for (const { name, client, log, state } of fleet.all()) {
      if (state === 'gone') continue;
      const { events } = log.appender.waiting();
      if (events > MAX_EVENTS) violations.add('memory', `${name}: ${events} events wait`);
      if (client.underway() > MAX_CALLS) {
        violations.add('memory', `${name}: ${client.underway()} calls under way`);
      }
    }
  };
}

/** Returns true when everything that was begun has come to its end. */
export function isSettled(run: CheckedRun): boolean {
  const { plan, progress, fleet, sender, subscribers, truth } = run;
  return (
    sender.open() === 0 &&
    progress.erasures >= plannedErasures(plan) &&
    !progress.isRestoring &&
    !progress.isClosing &&
    fleet.running().length === plan.instances &&
    fleet.holders().length === 1 &&
    truth.inInbox() === 0 &&
    subscribers.every((one) => one.isComplete())
  );
}

/** Returns true when all instances tail the log. */
export function isFollowing({ fleet }: CheckedRun): boolean {
  return fleet.running().every(({ log }) => log.tailer.state().following);
}

/** Checks a run that had time to settle. */
export function checkEnd(run: CheckedRun): void {
  const { plan, progress, fleet, sender, subscribers, truth, erased, violations } = run;
  sender.check();
  if (truth.inInbox() > 0) violations.add('hang', `${truth.inInbox()} entries stay in the inbox`);
  const { length } = fleet.holders();
  if (length !== 1) violations.add('lease', `${length} instances hold it`);
  erased.checkStored();
  for (const subscriber of subscribers) subscriber.check();
  if (progress.erasures < plannedErasures(plan)) {
    violations.add('hang', 'an erasure has not come to its end');
  }
  for (const { name, log } of fleet.running()) {
    const { following, error } = log.tailer.state();
    if (!following) violations.add('hang', `${name} does not follow: ${error}`);
  }
}
