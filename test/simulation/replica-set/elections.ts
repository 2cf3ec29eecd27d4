import type { World } from '../world.ts';
import { isUp, type Member } from './member.ts';
import { isAtLeastAsNew } from './oplog.ts';
import { endTransaction } from './transactions.ts';

/** Interval between a member's checks for the primary, in milliseconds. */
const LOOK_MS = 500;

/** Decides who is primary. */
export interface Elections {
  /** Starts the checks; a set without a primary elects one. */
  start(): void;
  /** Turns a primary into a secondary, and interrupts what waits for a majority there. */
  stepDown(member: Member, reason: string): void;
  /** `rs.stepDown()`: an up-to-date secondary takes over at once, if there is one. */
  handOver(): void;
}

/**
 * A secondary that has heard of no primary for the election timeout requests votes. A member votes
 * once per term, and not for a member with an older log. A primary that sees no majority for that
 * long steps down. Source: MongoDB manual, "Replica Set Elections"; `electionTimeoutMillis`.
 */
export function createElections(world: World): Elections {
  const { members, network, time, random, trace } = world;
  const reaches = (one: Member, other: Member) =>
    isUp(one) && isUp(other) && network.isOpen(one.name, other.name);
  const majority = (members.length >> 1) + 1;

  function look(member: Member): void {
    const timeoutMs = world.profile.electionTimeoutMs;
    time.after(LOOK_MS + random.whole(0, 100), () => look(member));
    if (!isUp(member)) return;
    const seen = members.filter((one) => one === member || reaches(one, member));
    const newest = seen.reduce((most, { term }) => Math.max(most, term), member.term);
    const nowMs = time.nowMs();
    if (member.role === 'primary') {
      if (newest > member.term) stepDown(member, 'a higher term');
      else if (seen.length >= majority) member.lastContactMs = nowMs;
      else if (nowMs - member.lastContactMs > timeoutMs) stepDown(member, 'no majority');
      return;
    }
    if (seen.some(({ role, term }) => role === 'primary' && term >= member.term)) {
      member.lastContactMs = nowMs;
      world.replication.pull(member);
    } else if (nowMs - member.lastContactMs > timeoutMs + random.whole(0, timeoutMs / 2)) {
      stand(member);
    }
  }

  function stand(candidate: Member): void {
    const term = candidate.term + 1;
    const voters = members.filter(
      (one) =>
        one === candidate ||
        (reaches(one, candidate) && one.term < term && isAtLeastAsNew(candidate.log, one.log)),
    );
    candidate.lastContactMs = time.nowMs();
    if (voters.length < majority) return;
    for (const voter of voters) {
      if (voter !== candidate && voter.role === 'primary') stepDown(voter, 'voted for another');
      voter.term = term;
      voter.lastContactMs = time.nowMs();
    }
    trace.add(`${candidate.name} is elected in term ${term}`);
    // It applies what it has fetched before it accepts writes.
    time.after(random.whole(1, 200), () => {
      if (isUp(candidate) && candidate.term === term) becomePrimary(candidate);
    });
  }

  /** The first entry of a term lets older entries be known as majority-committed. */
  function becomePrimary(member: Member): void {
    member.role = 'primary';
    member.matched.clear();
    member.lastContactMs = time.nowMs();
    world.counts.elections += 1;
    trace.add(
      `${member.name} is primary, majority at ${member.majorityIndex} of ${member.log.length}`,
    );
    world.replication.append(member, { changes: [] });
    world.onRoles();
  }

  function stepDown(member: Member, reason: string): void {
    if (member.role !== 'primary') return;
    member.role = 'secondary';
    member.lastContactMs = time.nowMs();
    trace.add(`${member.name} steps down: ${reason}`);
    for (const waiter of member.waiters) waiter.settle('stepped-down');
    member.waiters.clear();
    for (const transaction of member.transactions.values()) endTransaction(member, transaction);
    world.onRoles();
  }

  return {
    start() {
      for (const member of members) {
        member.lastContactMs = time.nowMs() - random.whole(0, 2 * world.profile.electionTimeoutMs);
        time.after(random.whole(1, LOOK_MS), () => look(member));
      }
    },
    stepDown,
    handOver() {
      const primary = members.find((one) => one.role === 'primary' && isUp(one));
      if (primary === undefined) return;
      const heir = members.find(
        (one) => one !== primary && reaches(one, primary) && one.log.length === primary.log.length,
      );
      if (heir === undefined) return;
      stepDown(primary, 'asked to');
      stand(heir);
    },
  };
}
