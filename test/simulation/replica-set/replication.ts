import type { World } from '../world.ts';
import { isUp, type Member, receive } from './member.ts';
import { commonIndex, type Entry } from './oplog.ts';
import { endTransaction } from './transactions.ts';

/** Maximum entries per fetch. */
const BATCH = 500;

/** Replicates entries from the primary, and tells it what a majority has. */
export interface Replication {
  /** Writes an entry to a primary's log. */
  append(primary: Member, entry: Pick<Entry, 'changes' | 'transaction'>): Entry;
  /** Lets a member fetch what it lacks. */
  pull(member: Member): void;
  /** A member reverts what a newer primary does not have. */
  rollBack(member: Member, toIndex: number): void;
}

/**
 * Members fetch entries in order from the primary with the highest term, and report how far they
 * are. The primary's majority snapshot follows, for entries of its own term only; the others learn
 * of it later. Source: MongoDB manual, "Replica Set Data Synchronization" and "Read Concern
 * majority"; the rule of the own term is that of Raft (5.4.2), as in MongoDB's replication
 * architecture guide.
 */
export function createReplication(world: World): Replication {
  const { members, network, time, random } = world;

  function append(
    primary: Member,
    { changes, transaction }: Pick<Entry, 'changes' | 'transaction'>,
  ): Entry {
    const entry = { index: primary.log.length + 1, term: primary.term, changes, transaction };
    take(primary, entry);
    primary.matched.set(primary.name, entry.index);
    for (const member of members) if (member !== primary) pull(member);
    return entry;
  }

  function take(member: Member, entry: Entry): void {
    member.log.push(entry);
    const oldest = [...member.transactions.values()].reduce(
      (least, { at }) => Math.min(least, at),
      member.majorityIndex,
    );
    member.data.apply(entry, oldest);
    if (entry.transaction !== undefined) member.committed.add(entry.transaction);
  }

  function sourceFor(member: Member): Member | undefined {
    const sources = members.filter(
      (one) =>
        one !== member &&
        one.role === 'primary' &&
        isUp(one) &&
        one.term >= member.term &&
        network.isOpen(one.name, member.name),
    );
    return sources.sort((one, other) => other.term - one.term)[0];
  }

  function pull(member: Member): void {
    if (member.isPulling || member.role !== 'secondary') return;
    member.isPulling = true;
    // The source holds a fetch until there is a new entry; then one network delay and the disk
    // remain.
    const delayMs = random.chance(world.profile.lag) ? random.whole(20, 800) : random.whole(1, 4);
    time.after(delayMs, () => {
      member.isPulling = false;
      receive(member, () => fetch(member));
    });
  }

  function fetch(member: Member): void {
    if (member.role !== 'secondary' || member.isStalled) return;
    const source = sourceFor(member);
    if (source === undefined) return;
    member.term = source.term;
    member.lastContactMs = time.nowMs();
    const common = commonIndex(member.log, source.log);
    if (common < member.log.length) rollBack(member, common);
    const batch = source.log.slice(common, common + BATCH);
    for (const entry of batch) take(member, entry);
    // A secondary reports an entry once it is in its journal.
    member.journaledIndex = member.log.length;
    learnMajority(member, Math.min(source.majorityIndex, member.log.length));
    const { term } = source;
    const index = member.log.length;
    network.carry(member.name, source.name, () => {
      receive(source, () => {
        if (source.role === 'primary' && source.term === term) acknowledge(source, member, index);
      });
    });
    if (index < source.log.length) pull(member);
  }

  function acknowledge(primary: Member, member: Member, index: number): void {
    primary.matched.set(member.name, Math.max(index, primary.matched.get(member.name) ?? 0));
    const places = members.map(({ name }) => primary.matched.get(name) ?? 0);
    const onMajority = places.sort((one, other) => other - one)[members.length >> 1] ?? 0;
    if (onMajority <= primary.majorityIndex) return;
    if (primary.log[onMajority - 1]?.term !== primary.term) return;
    const { term } = primary;
    // The snapshot is created shortly after the majority is known.
    time.after(random.whole(0, 2), () => {
      if (primary.role !== 'primary' || primary.term !== term) return;
      primary.journaledIndex = Math.max(primary.journaledIndex, onMajority);
      learnMajority(primary, onMajority);
      tellOthers(primary);
    });
  }

  /** With heartbeats, or with the next fetch if that is sooner. */
  function tellOthers(primary: Member): void {
    for (const member of members) {
      if (member === primary || member.majorityIndex >= primary.majorityIndex) continue;
      time.after(random.whole(1, 2_000), () => {
        if (member.majorityIndex < primary.majorityIndex) pull(member);
      });
    }
  }

  function learnMajority(member: Member, index: number): void {
    if (index <= member.majorityIndex) return;
    member.majorityIndex = index;
    for (const waiter of member.waiters) {
      if (waiter.index > index) continue;
      member.waiters.delete(waiter);
      waiter.settle('durable');
    }
    for (const wake of member.watchers) wake();
    world.onMajority(member);
  }

  function rollBack(member: Member, toIndex: number): void {
    if (toIndex < member.majorityIndex) {
      throw new Error(`${member.name}: an entry that a majority had was rolled back`);
    }
    const undone = member.log.splice(toIndex);
    world.trace.add(`${member.name} rolls back ${undone.length} entries to ${toIndex}`);
    for (const transaction of member.transactions.values()) endTransaction(member, transaction);
    member.data.undo(undone, toIndex);
    for (const { transaction } of undone) if (transaction) member.committed.delete(transaction);
    member.journaledIndex = Math.min(member.journaledIndex, toIndex);
    world.counts.rolledBack += undone.length;
  }

  return { append, pull, rollBack };
}
