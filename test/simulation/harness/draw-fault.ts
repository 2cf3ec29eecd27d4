import type { Random } from '../../faults/random.ts';
import type { Member } from '../replica-set/member.ts';
import type { World } from '../world.ts';
import type { Instance } from './instance.ts';

/** The parts that faults are applied to. */
export interface Targets {
  world: World;
  random: Random;
  running: () => readonly Instance[];
  /** Starts an instance in place of one that has ended. */
  replace: (instance: Instance) => void;
}

type Fault = (targets: Targets) => void;

/** All kinds of faults with their weights. */
const faults: readonly { weight: number; fault: Fault }[] = [
  { weight: 3, fault: ({ world }) => world.elections.handOver() },
  { weight: 3, fault: (targets) => killMember(targets, primaryOf(targets)) },
  { weight: 1, fault: (targets) => killMember(targets, anyMember(targets)) },
  { weight: 2, fault: (targets) => pauseMember(targets, primaryOf(targets)) },
  { weight: 1, fault: (targets) => pauseMember(targets, anyMember(targets)) },
  { weight: 3, fault: (targets) => isolate(targets, primaryOf(targets)) },
  { weight: 1, fault: (targets) => isolate(targets, anyMember(targets)) },
  { weight: 2, fault: stallMajority },
  { weight: 3, fault: stallSecondary },
  { weight: 2, fault: cutConnections },
  { weight: 3, fault: breakWay },
  { weight: 1, fault: (targets) => isolateInstance(targets, anyInstance(targets)) },
  { weight: 2, fault: (targets) => freezeInstance(targets, anyInstance(targets)) },
  { weight: 2, fault: (targets) => freezeInstance(targets, holderOf(targets)) },
  { weight: 2, fault: (targets) => killInstance(targets, anyInstance(targets)) },
  { weight: 1, fault: (targets) => killInstance(targets, holderOf(targets)) },
  { weight: 2, fault: restartInstance },
  { weight: 1, fault: truncateOplog },
];

/** Applies one drawn fault; each ends by itself. */
export function doFault(targets: Targets): void {
  const total = faults.reduce((sum, { weight }) => sum + weight, 0);
  let left = targets.random.whole(1, total);
  for (const { weight, fault } of faults) {
    left -= weight;
    if (left > 0) continue;
    fault(targets);
    return;
  }
}

const anyMember = ({ world, random }: Targets) => random.pick(world.members);
const primaryOf = (targets: Targets) => targets.world.primary() ?? anyMember(targets);

function killMember({ world, random }: Targets, member: Member): void {
  world.kill(member);
  world.time.after(random.whole(500, 30_000), () => world.restart(member));
}

function pauseMember({ world, random }: Targets, member: Member): void {
  world.pause(member);
  world.time.after(random.whole(300, 25_000), () => world.resume(member));
}

/** Isolates it from the other members only: clients may still reach it. */
function isolate({ world, random }: Targets, member: Member): void {
  const kind = random.pick(['silent', 'refused'] as const);
  const forMs = random.whole(500, 30_000);
  for (const other of world.members) {
    if (other === member) continue;
    world.network.break(member.name, other.name, { kind });
    world.time.after(forMs, () => world.network.heal(member.name, other.name));
  }
  world.trace.add(`${member.name} is cut off (${kind}) for ${forMs}`);
}

/** The primary stays, and no write becomes durable. */
function stallMajority({ world, random }: Targets): void {
  const primary = world.primary();
  const forMs = random.whole(300, random.pick([25_000, 60_000]));
  for (const member of world.members) if (member !== primary) stall(world, member, forMs);
  world.trace.add(`replication stalls for ${forMs}`);
}

/**
 * One secondary lags. If the primary then fails, the next one knows what a majority has only once
 * the lagging one has caught up (SERVER-53813).
 */
function stallSecondary({ world, random }: Targets): void {
  const primary = world.primary();
  const member = random.pick(world.members.filter((one) => one !== primary));
  const forMs = random.whole(300, 25_000);
  stall(world, member, forMs);
  world.trace.add(`replication to ${member.name} stalls for ${forMs}`);
}

function stall(world: World, member: Member, forMs: number): void {
  member.isStalled = true;
  world.time.after(forMs, () => {
    member.isStalled = false;
  });
}

function cutConnections({ world, random, running }: Targets): void {
  for (const { client } of running()) {
    if (random.chance(0.7)) for (const member of world.members) client.cut(member);
  }
}

function breakWay({ world, random, running }: Targets): void {
  const instances = running();
  if (instances.length === 0) return;
  const { name } = random.pick(instances);
  const member = random.chance(0.7)
    ? (world.primary() ?? world.members[0])
    : random.pick(world.members);
  if (member === undefined) return;
  const kind = random.pick(['silent', 'refused', 'slow', 'slow'] as const);
  world.network.break(name, member.name, { kind, extraMs: random.whole(20, 1_500) });
  const forMs = random.whole(500, 20_000);
  world.time.after(forMs, () => world.network.heal(name, member.name));
  world.trace.add(`the way of ${name} to ${member.name} is ${kind} for ${forMs}`);
}

/** It reaches no member. */
export function isolateInstance(
  { random, world }: Pick<Targets, 'random' | 'world'>,
  instance: Instance | undefined,
  forMs = random.whole(500, 20_000),
): void {
  if (instance === undefined) return;
  const { name } = instance;
  const kind = random.pick(['silent', 'refused'] as const);
  for (const member of world.members) {
    world.network.break(name, member.name, { kind });
    world.time.after(forMs, () => world.network.heal(name, member.name));
  }
  world.trace.add(`${name} is cut off (${kind}) for ${forMs}`);
}

function anyInstance({ random, running }: Targets): Instance | undefined {
  const instances = running();
  return instances.length === 0 ? undefined : random.pick(instances);
}

/** Returns the holder of the writer lease; deliveries to other instances go into the inbox. */
export function holderOf({ running }: Pick<Targets, 'running'>): Instance | undefined {
  return running().find(({ log }) => log.writer().isHolder);
}

export function freezeInstance(
  { random, world }: Pick<Targets, 'random' | 'world'>,
  instance: Instance | undefined,
): void {
  if (instance === undefined) return;
  const forMs = random.whole(200, 15_000);
  world.trace.add(`${instance.name} is frozen for ${forMs}`);
  instance.freeze(forMs);
}

function killInstance({ replace }: Targets, instance: Instance | undefined): void {
  if (instance === undefined) return;
  instance.kill();
  replace(instance);
}

function restartInstance(targets: Targets): void {
  const { replace, world } = targets;
  const instance = anyInstance(targets);
  if (instance === undefined) return;
  world.trace.add(`${instance.name} is asked to end`);
  void instance.stop();
  replace(instance);
}

function truncateOplog({ world }: Targets): void {
  for (const member of world.members) member.oplogStart = member.majorityIndex;
  world.trace.add('the oplog is truncated');
}

/** Ends what faults have left; each instance and member runs again. */
export function endFaults(world: World): void {
  world.trace.add('the faults are over');
  world.network.healAll();
  for (const member of world.members) {
    world.restart(member);
    world.resume(member);
    member.isStalled = false;
  }
}
