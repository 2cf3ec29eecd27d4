// Longer than 250 lines: the steps of one run share its world, and follow each other.
import { createRandom, type Random } from '../faults/random.ts';
import { doFault, freezeInstance, holderOf } from './harness/draw-fault.ts';
import { createErasedUsers } from './harness/erased-users.ts';
import { type Instance, startInstance } from './harness/instance.ts';
import { createHolderWatch } from './harness/lease-watch.ts';
import { userIdOf } from './harness/make-delivery.ts';
import { drawPlan, FAULTS_MS, type Plan } from './harness/plan.ts';
import { type Backup, declare, restoreBackup, takeBackup } from './harness/restore.ts';
import { createSender } from './harness/sender.ts';
import { setUp } from './harness/set-up.ts';
import { type Subscriber, startSubscriber } from './harness/subscriber.ts';
import { createTruth } from './harness/truth.ts';
import { createViolations, type Rule } from './harness/violations.ts';
import { inWorld } from './open-world.ts';
import type { World } from './world.ts';

/** How long everything may take to settle once the faults are over, in milliseconds. */
const QUIET_MS = 120_000;
/** By how many entries the inbox may exceed its limit, which each instance checks once a second. */
const MAX_BEYOND = 300;
/** Maximum concurrent database calls of one instance. */
const MAX_CALLS = 100;

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
  const erased = createErasedUsers(truth, violations);
  const instances = new Set<Instance>();
  const endings: Promise<void>[] = [];
  let started = 0;
  let isOver = false;
  let isRestoring = false;
  let restores = 0;
  let erasures = 0;
  const wait = (ms: number) => new Promise<void>((resolve) => time.after(ms, resolve));
  const running = () => [...instances].filter(({ state }) => state === 'running');
  const hasBeenRestored = () => restores > 0;
  const onRejection = (error: unknown) =>
    violations.add('fault', `unhandled: ${error instanceof Error ? error.stack : error}`);
  process.on('unhandledRejection', onRejection);

  trace.add(`plan ${JSON.stringify(plan)} profile ${JSON.stringify(world.profile)}`);

  async function start(): Promise<void> {
    for (;;) {
      await wait(random.whole(100, 3_000));
      if (isRestoring) continue;
      if (isOver) return;
      started += 1;
      const name = `i${started}`;
      const options = { ...plan, maxWaiting: 200 };
      const instance = await startInstance(world, name, seed, options).catch((error) => {
        trace.add(`${name} cannot start: ${error}`);
      });
      if (instance) {
        instances.add(instance);
        trace.add(`${name} is ready at ${instance.log.tailer.head()}`);
        return;
      }
    }
  }

  await setUp(world, seed);
  for (let left = plan.instances; left > 0; left -= 1) void start();
  await time.until(() => running().length === plan.instances, 60_000);

  const common = { world, running, truth, erased, violations, hasBeenRestored };
  const sender = createSender({
    ...common,
    ...{ random: createRandom(seed, 'sender'), users: plan.users },
  });
  const subscribers: Subscriber[] = Array.from({ length: plan.subscribers }, (_, number) => {
    const own = createRandom(seed, 'subscriber', number);
    const filter = own.pick([
      {},
      {},
      { types: ['message_sent'] },
      { userIds: [userIdOf(0), userIdOf(1)] },
    ]);
    return startSubscriber({ ...common, random: own, name: `s${number}`, filter });
  });

  const endMs = time.nowMs() + FAULTS_MS;
  let isPosting = true;
  void post(createRandom(seed, 'posts'));
  void disturb(createRandom(seed, 'faults'));
  for (let number = 0; number < plan.erasures; number += 1) {
    void wait(random.whole(30_000, 200_000)).then(() => eraseBusy(number));
  }
  if (plan.restoreAtMs !== undefined) void restore(plan.restoreAtMs);

  async function post(own: Random): Promise<void> {
    while (time.nowMs() < endMs) {
      await wait(own.whole(plan.pauseMs >> 1, (plan.pauseMs * 3) >> 1));
      if (isRestoring) continue;
      if (own.chance(0.1)) sender.repeat();
      sender.post(own.chance(0.04) ? own.whole(5, 25) : 1);
      if (own.chance(0.1)) own.pick(subscribers).disconnect();
    }
    isPosting = false;
  }

  async function disturb(own: Random): Promise<void> {
    for (;;) {
      await wait(own.whole(plan.faultPauseMs >> 1, (plan.faultPauseMs * 3) >> 1));
      if (time.nowMs() >= endMs) return;
      if (isRestoring) continue;
      doFault({
        ...{ world, random: own, running },
        replace(instance) {
          endings.push(instance.gone);
          void start();
        },
      });
    }
  }

  /** Starts an erasure while deliveries of the user are in flight or in the inbox. */
  async function eraseBusy(user: number): Promise<void> {
    if (random.chance(0.5)) freezeInstance({ world, random }, holderOf({ running }));
    for (let left = random.whole(0, 3); left > 0; left -= 1) {
      if (!isRestoring) sender.postOf(user, random.whole(1, 3));
      await wait(random.whole(5, 1_500));
    }
    await erase(userIdOf(user));
  }

  async function erase(userId: string): Promise<void> {
    erased.begin(userId);
    for (;;) {
      const [instance] = running();
      if (instance === undefined || isRestoring) {
        await wait(1_000);
        continue;
      }
      trace.add(`${userId} is erased at ${instance.name}`);
      const counts = await Promise.race([
        instance.log.eraser.erase(userId).catch((error) => void trace.add(`erasure: ${error}`)),
        instance.gone,
      ]);
      if (counts && instance.state !== 'gone') {
        erasures += 1;
        trace.add(`${userId} was erased: ${JSON.stringify(counts)}`);
        erased.confirm(userId);
        return;
      }
      await wait(random.whole(500, 5_000));
    }
  }

  async function restore(atMs: number): Promise<void> {
    await wait(atMs - random.whole(5_000, 40_000));
    // Waits for inbox entries, which then meet a closed log.
    for (let left = 200; left > 0 && truth.inInbox() === 0; left -= 1) await wait(50);
    const backup: Backup = takeBackup(world);
    await wait(random.whole(5_000, 40_000));
    isRestoring = true;
    const isLive = random.chance(0.5);
    if (!isLive) for (const instance of running()) instance.kill();
    const lost = truth.head();
    restores += 1;
    const index = restoreBackup(world, backup);
    truth.restored(index);
    const kept = truth.head();
    for (const subscriber of subscribers) subscriber.restored(kept);
    for (const member of world.members) world.restart(member);
    await declare(world, seed, lost - kept + random.whole(1, 100));
    trace.add(`the log ends at ${kept}, positions up to ${lost} were lost`);
    isRestoring = false;
    if (!isLive) for (let left = plan.instances; left > 0; left -= 1) void start();
    for (const userId of erased.restored()) void erase(userId);
    sender.restored();
  }

  const isBroken = () => violations.first() !== undefined;
  const watchHolders = createHolderWatch(world, violations);
  const holders = () => running().filter(({ log }) => log.writer().isHolder);
  while (time.nowMs() < endMs && !isBroken()) {
    await time.until(isBroken, 1_000);
    watchHolders(holders().map(({ name }) => name));
    if (truth.inInbox() > plan.maxInboxEvents + MAX_BEYOND) {
      violations.add('memory', `${truth.inInbox()} entries are in the inbox`);
    }
    for (const { name, client, log, state } of instances) {
      if (state === 'gone') continue;
      const { events } = log.appender.waiting();
      if (events > 1_000) violations.add('memory', `${name}: ${events} events wait`);
      if (client.underway() > MAX_CALLS) {
        violations.add('memory', `${name}: ${client.underway()} calls under way`);
      }
    }
  }

  trace.add('the faults are over');
  world.network.healAll();
  for (const member of world.members) {
    world.restart(member);
    world.resume(member);
    member.isStalled = false;
  }
  for (const subscriber of subscribers) subscriber.hurry();
  await time.until(
    () =>
      isBroken() ||
      (!isPosting &&
        sender.open() === 0 &&
        erasures >= plan.erasures &&
        !isRestoring &&
        running().length === plan.instances &&
        holders().length === 1 &&
        truth.inInbox() === 0 &&
        subscribers.every((one) => one.isComplete())),
    QUIET_MS,
  );
  if (!isBroken()) {
    await time.until(isBroken, 10_000);
    sender.check();
    if (truth.inInbox() > 0) violations.add('hang', `${truth.inInbox()} entries stay in the inbox`);
    if (holders().length !== 1) violations.add('lease', `${holders().length} instances hold it`);
    erased.checkStored();
    for (const subscriber of subscribers) subscriber.check();
    if (erasures < plan.erasures) violations.add('hang', 'an erasure has not come to its end');
    for (const instance of running()) {
      const { following, error } = instance.log.tailer.state();
      if (!following) violations.add('hang', `${instance.name} does not follow: ${error}`);
    }
  }
  isOver = true;
  for (const subscriber of subscribers) subscriber.end();
  if (!isBroken()) {
    endings.push(...running().map((instance) => instance.stop()));
    await settleWithin(Promise.all(endings), 60_000);
  }
  process.off('unhandledRejection', onRejection);
  return {
    seed,
    violation: violations.first(),
    digest: trace.digest(),
    lines: trace.lines(),
    simulatedMs: time.nowMs(),
    events: truth.head(),
    acknowledged: sender.acknowledged(),
    erasures,
    ...world.counts,
  };

  async function settleWithin(promise: Promise<unknown>, maxMs: number): Promise<void> {
    let isSettled = false;
    const settled = promise.catch((error) => violations.add('fault', String(error)));
    void settled.then(() => {
      isSettled = true;
    });
    if (!(await time.until(() => isSettled, maxMs))) {
      violations.add('hang', 'an instance does not end');
    }
  }
}
