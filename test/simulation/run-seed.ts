import { createRandom, type Random } from '../faults/random.ts';
import { checkEnd, createWatch, isFollowing, isSettled } from './harness/check-run.ts';
import { doFault, endFaults, type Targets } from './harness/draw-fault.ts';
import { createErasedUsers } from './harness/erased-users.ts';
import { createFleet } from './harness/fleet.ts';
import { userIdOf } from './harness/make-delivery.ts';
import { checkOpening } from './harness/opening.ts';
import { startOperator } from './harness/operator.ts';
import { drawPlan, FAULTS_MS, type Plan } from './harness/plan.ts';
import { startProgress } from './harness/progress.ts';
import { createSender } from './harness/sender.ts';
import { setUp } from './harness/set-up.ts';
import { type Subscriber, startSubscriber } from './harness/subscriber.ts';
import { createTruth } from './harness/truth.ts';
import { createViolations, type Rule } from './harness/violations.ts';
import { inWorld } from './open-world.ts';
import type { World } from './world.ts';

/** How long everything may take to settle once the faults are over, in milliseconds. */
const QUIET_MS = 120_000;
/** How long the situation before the faults, and the end of all instances, may take. */
const PART_MS = 90_000;

/** The share of deliveries that a validator refuses, if there is one. */
const UNSTORABLE = 0.08;

/** The result of a run. */
export interface Outcome {
  seed: number;
  violation: { rule: Rule; text: string } | undefined;
  /** SHA-256 of the trace. */
  digest: string;
  lines: readonly string[];
  simulatedMs: number;
  events: number;
  acknowledged: number;
  elections: number;
  rolledBack: number;
  erasures: number;
}

/** Runs the real code in the world of a seed until everything is settled or a rule is broken. */
export function runSeed(seed: number, keepLines = 0): Promise<Outcome> {
  const plan = drawPlan(createRandom(seed, 'plan'));
  return inWorld({ seed, keepLines }, (world) => run(world, seed, plan));
}

async function run(world: World, seed: number, plan: Plan): Promise<Outcome> {
  const { time, trace } = world;
  const random = createRandom(seed, 'harness');
  const violations = createViolations(trace);
  const truth = createTruth(world, violations);
  const erased = createErasedUsers(truth, violations, time.nowMs);
  const progress = startProgress();
  const fleet = createFleet({ world, seed, plan, random, progress, truth, violations });
  const { running } = fleet;
  const hasBeenRestored = () => progress.restores > 0;
  const isBroken = () => violations.first() !== undefined;
  const onRejection = (error: unknown) =>
    violations.add('fault', `unhandled: ${error instanceof Error ? error.stack : error}`);
  process.on('unhandledRejection', onRejection);

  trace.add(`plan ${JSON.stringify(plan)} profile ${JSON.stringify(world.profile)}`);
  await setUp(world, seed, plan.refusedBy);
  fleet.startAll();
  await time.until(() => running().length === plan.instances, 60_000);

  const common = { world, running, truth, erased, violations, hasBeenRestored };
  const sender = createSender({
    ...common,
    ...{ random: createRandom(seed, 'sender'), users: plan.users },
    isRestoring: () => progress.isRestoring,
    unstorable: plan.refusedBy.length > 0 ? UNSTORABLE : 0,
  });
  const subscribers: Subscriber[] = Array.from({ length: plan.subscribers }, (_, number) => {
    const own = createRandom(seed, 'subscriber', number);
    const filter = own.pick([
      {},
      {},
      { types: ['message_sent'] },
      { userIds: [userIdOf(0), userIdOf(1)] },
    ]);
    return startSubscriber({
      ...common,
      random: own,
      name: `s${number}`,
      filter,
      keepMs: plan.keepMs,
    });
  });
  const parts = { world, seed, plan, random, progress, fleet, sender, subscribers };
  const checked = { ...parts, truth, erased, violations };

  await settleInTime(checkOpening(checked), 'the opening does not end');
  const endMs = time.nowMs() + FAULTS_MS;
  let isPosting = true;
  void post(createRandom(seed, 'posts'));
  void disturb(createRandom(seed, 'faults'));
  startOperator(checked);
  const watch = createWatch(checked);
  while (time.nowMs() < endMs && !isBroken()) {
    await time.until(isBroken, 1_000);
    watch();
  }

  endFaults(world);
  for (const subscriber of subscribers) subscriber.hurry();
  const quietMs = time.nowMs() + QUIET_MS;
  while (!isBroken() && time.nowMs() < quietMs && (isPosting || !isSettled(checked))) {
    await time.until(isBroken, 200);
  }
  if (!isBroken()) {
    await time.until(isBroken, 10_000);
    // An instance may have been frozen until now.
    await time.until(() => isBroken() || isFollowing(checked), QUIET_MS);
    checkEnd(checked);
  }
  progress.isOver = true;
  for (const subscriber of subscribers) subscriber.end();
  if (!isBroken()) await settleInTime(fleet.stop(), 'an instance does not end');
  process.off('unhandledRejection', onRejection);
  return {
    seed,
    violation: violations.first(),
    digest: trace.digest(),
    lines: trace.lines(),
    simulatedMs: time.nowMs(),
    events: truth.head(),
    acknowledged: sender.acknowledged(),
    erasures: progress.erasures,
    ...world.counts,
  };

  async function post(own: Random): Promise<void> {
    while (time.nowMs() < endMs) {
      await time.wait(own.whole(plan.pauseMs >> 1, (plan.pauseMs * 3) >> 1));
      if (progress.isRestoring) continue;
      if (own.chance(0.1)) sender.repeat();
      sender.post(own.chance(0.04) ? own.whole(5, 25) : 1);
      if (own.chance(0.1)) own.pick(subscribers).disconnect();
    }
    isPosting = false;
  }

  async function disturb(own: Random): Promise<void> {
    const targets = { world, random: own, running, replace: fleet.replace };
    for (;;) {
      await time.wait(own.whole(plan.faultPauseMs >> 1, (plan.faultPauseMs * 3) >> 1));
      if (time.nowMs() >= endMs) return;
      if (progress.isRestoring) continue;
      if (own.chance(0.25)) await burst(own);
      if (time.nowMs() >= endMs) return;
      doFault(targets);
      if (own.chance(0.25)) void aggravate(targets);
    }
  }

  /** Begins a burst, and waits for a moment at which a part of it is durable. */
  async function burst(own: Random): Promise<void> {
    sender.post(own.whole(2, 8));
    await Promise.race([truth.nextEvent(), time.wait(2_000)]);
    await time.wait(own.whole(0, 12));
  }

  /** Faults often have one cause, and clients notice them together. */
  async function aggravate(targets: Targets): Promise<void> {
    const { random: own } = targets;
    await time.wait(own.whole(0, 2_000));
    if (time.nowMs() >= endMs || progress.isRestoring) return;
    if (own.chance(0.4)) doFault(targets);
    if (own.chance(0.4)) sender.post(own.whole(3, 12));
    if (own.chance(0.3)) own.pick(subscribers).disconnect();
  }

  async function settleInTime(promise: Promise<unknown>, problem: string): Promise<void> {
    let isOver = false;
    const settled = promise.catch((error) => violations.add('fault', String(error)));
    void settled.then(() => {
      isOver = true;
    });
    if (!(await time.until(() => isOver, PART_MS))) violations.add('hang', problem);
  }
}
