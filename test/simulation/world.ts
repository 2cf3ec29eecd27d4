import { createRandom, type Random } from '../faults/random.ts';
import type { VirtualTime } from './clock/virtual-time.ts';
import { type ChangeStreams, createChangeStreams } from './commands/change-streams.ts';
import { createNetwork, type Network } from './network.ts';
import { drawProfile, type Profile } from './profile.ts';
import { createElections, type Elections } from './replica-set/elections.ts';
import { toTest } from './replica-set/matches.ts';
import { isUp, type Member } from './replica-set/member.ts';
import { createMemberData } from './replica-set/member-data.ts';
import { createReplication, type Replication } from './replica-set/replication.ts';
import type { Fields } from './replica-set/stored-form.ts';
import type { Trace } from './trace.ts';

const NAMES = ['m1', 'm2', 'm3'] as const;

/** A query that every document of a collection must match. */
export interface Validator {
  query: Fields;
  accepts: (document: Fields) => boolean;
}

/** A replica set of three members in memory, with its network and its clock. */
export interface World {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trace: Trace;
  readonly profile: Profile;
  readonly network: Network;
  readonly members: readonly Member[];
  readonly replication: Replication;
  readonly elections: Elections;
  readonly streams: ChangeStreams;
  /** Fields with their own unique index, by collection; `_id` always has one. */
  readonly uniqueFields: Map<string, Set<string>>;
  /** All fields with their own index. */
  readonly indexedFields: Map<string, Set<string>>;
  /** The `validator` of each collection that has one. */
  readonly validators: Map<string, Validator>;
  readonly counts: { elections: number; rolledBack: number };
  /** Creates the index that `createIndexes` requests. */
  createIndex(collection: string, fields: readonly string[], isUnique: boolean): void;
  /** Sets the validator that `collMod` sets. */
  validate(collection: string, query: Fields): void;
  /** The member that accepts writes and reaches a majority; undefined while there is none. */
  primary(): Member | undefined;
  /** The member with the newest majority snapshot: what it has cannot be lost. */
  newest(): Member;
  kill(member: Member): void;
  restart(member: Member): void;
  pause(member: Member): void;
  resume(member: Member): void;
  /** Calls back when members change their roles, start or stop. */
  onRolesChange(listener: () => void): void;
  onRoles(): void;
  /** Calls back when the majority snapshot of a member moves. */
  onMajorityChange(listener: (member: Member) => void): void;
  onMajority(member: Member): void;
}

export function createWorld(
  seed: number,
  time: VirtualTime,
  trace: Trace,
  profile: Profile = drawProfile(createRandom(seed, 'profile')),
): World {
  const random = createRandom(seed, 'world');
  const indexedFields = new Map<string, Set<string>>();
  const uniqueFields = new Map<string, Set<string>>();
  const roleListeners: (() => void)[] = [];
  const majorityListeners: ((member: Member) => void)[] = [];
  const members = NAMES.map((name): Member => createMember(name, indexedFields));
  const validators = new Map<string, Validator>();
  const base = { time, random, trace, profile, members, uniqueFields, indexedFields, validators };

  const world: World = {
    ...base,
    network: createNetwork(time, createRandom(seed, 'network')),
    counts: { elections: 0, rolledBack: 0 },
    // The parts refer to each other, so they are created below.
    replication: undefined as unknown as Replication,
    elections: undefined as unknown as Elections,
    streams: undefined as unknown as ChangeStreams,
    createIndex(collection, fields, isUnique) {
      const [field] = fields;
      if (fields.length > 1 || field === undefined || field.includes('.')) return;
      add(indexedFields, collection, field);
      for (const { data } of members) data.collection(collection).index(field);
      if (isUnique) add(uniqueFields, collection, field);
    },
    validate: (collection, query) =>
      void validators.set(collection, { query, accepts: toTest(query) }),
    primary: () =>
      members
        .filter((one) => one.role === 'primary' && isUp(one))
        .sort((one, other) => other.term - one.term)[0],
    newest: () =>
      members.reduce((most, one) => (one.majorityIndex > most.majorityIndex ? one : most)),
    kill(member) {
      if (member.role === 'down') return;
      trace.add(`${member.name} is killed`);
      member.role = 'down';
      member.isPaused = false;
      member.held.length = 0;
      member.waiters.clear();
      member.watchers.clear();
      world.streams.forget(member);
      // Entries since the last journal sync (every 100 ms) are lost.
      const kept = random.chance(0.5) ? member.log.length : member.journaledIndex;
      world.replication.rollBack(member, Math.max(kept, member.majorityIndex));
      world.onRoles();
    },
    restart(member) {
      if (member.role !== 'down') return;
      trace.add(`${member.name} starts`);
      member.role = 'secondary';
      member.isPulling = false;
      member.lastContactMs = time.nowMs();
      world.onRoles();
    },
    pause(member) {
      if (!isUp(member)) return;
      trace.add(`${member.name} is stopped by a signal`);
      member.isPaused = true;
      world.onRoles();
    },
    resume(member) {
      if (!member.isPaused) return;
      trace.add(`${member.name} goes on`);
      member.isPaused = false;
      for (const work of member.held.splice(0)) time.after(random.whole(0, 2), work);
      world.onRoles();
    },
    onRolesChange: (listener) => void roleListeners.push(listener),
    onRoles() {
      for (const listener of roleListeners) listener();
    },
    onMajorityChange: (listener) => void majorityListeners.push(listener),
    onMajority(member) {
      for (const listener of majorityListeners) listener(member);
    },
  };
  Object.assign(world, {
    replication: createReplication(world),
    elections: createElections(world),
    streams: createChangeStreams(world),
  });
  return world;
}

function createMember(
  name: string,
  indexedFields: ReadonlyMap<string, ReadonlySet<string>>,
): Member {
  return {
    name,
    role: 'secondary',
    isPaused: false,
    isStalled: false,
    term: 0,
    log: [],
    oplogStart: 0,
    data: createMemberData(indexedFields),
    majorityIndex: 0,
    matched: new Map(),
    journaledIndex: 0,
    lastContactMs: 0,
    isPulling: false,
    waiters: new Set(),
    watchers: new Set(),
    transactions: new Map(),
    locks: new Map(),
    committed: new Set(),
    held: [],
  };
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key) ?? new Set();
  map.set(key, values.add(value));
}
