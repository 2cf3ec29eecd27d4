import type { Random } from '../../faults/random.ts';
import { isUp, type Member } from '../replica-set/member.ts';
import type { World } from '../world.ts';
import { noServerSelected } from './to-driver-error.ts';

/** `serverSelectionTimeoutMS` of the application, in milliseconds. */
const SELECTION_MS = 2_500;

/** A client's knowledge of the replica set, from the driver's monitors. */
export interface Topology {
  /** Returns the member to send to. @throws MongoServerSelectionError */
  select(): Promise<Member>;
  /** Reports an error that says that this member is no longer primary, or unreachable. */
  suspect(member: Member): void;
  /** Calls back when a primary becomes known, or when none is known any more. */
  onReachable(listener: (isReachable: boolean) => void): void;
  /** Calls back when another member than before is the primary. */
  onNewPrimary(listener: () => void): void;
}

/**
 * Of two claimed primaries the one with the higher term is used. Role changes and closed
 * connections are noticed at once, a silent member only after some seconds. Source: the drivers'
 * specification "Server Discovery and Monitoring".
 *
 * @param onLost called with a member whose connections are closed because it does not answer
 */
export function createTopology(
  name: string,
  { world, random, onLost }: { world: World; random: Random; onLost: (member: Member) => void },
): Topology {
  const { members, network, time } = world;
  const listeners: ((isReachable: boolean) => void)[] = [];
  const primaryListeners: (() => void)[] = [];
  const waiting = new Set<(member: Member) => void>();
  let last: Member | undefined;
  let known: Member | undefined;
  let highestTerm = 0;

  function setKnown(member: Member | undefined): void {
    if (member === known) return;
    const wasReachable = known !== undefined;
    known = member;
    if (member) {
      highestTerm = member.term;
      for (const resolve of waiting) resolve(member);
      waiting.clear();
      if (last !== undefined && last !== member) {
        for (const listener of primaryListeners) listener();
      }
      last = member;
    }
    if (wasReachable !== (member !== undefined)) {
      for (const listener of listeners) listener(member !== undefined);
    }
  }

  function look(): void {
    const primary = members
      .filter((one) => one.role === 'primary' && isUp(one) && network.isOpen(name, one.name))
      .sort((one, other) => other.term - one.term)[0];
    if (primary && primary.term >= highestTerm) setKnown(primary);
    else if (known && !isSilent(known) && known.role !== 'primary') setKnown(undefined);
    for (const member of members) {
      if (member.role === 'down' || network.faultOf(name, member.name)?.kind === 'refused') {
        lose(member);
      } else if (isSilent(member)) {
        // The next heartbeat, with its own delay (`heartbeatFrequencyMS`).
        time.after(random.whole(2_000, 7_000), () => {
          if (isSilent(member)) lose(member);
        });
      }
    }
  }

  const isSilent = (member: Member) =>
    member.isPaused || network.faultOf(name, member.name)?.kind === 'silent';

  function lose(member: Member): void {
    onLost(member);
    if (known === member) setKnown(undefined);
  }

  function lookSoon(): void {
    // A killed member closes its connections, also if it is up again before this.
    const killed = members.filter(({ role }) => role === 'down');
    time.after(random.whole(1, 30), () => {
      for (const member of killed) onLost(member);
      look();
    });
  }
  world.onRolesChange(lookSoon);
  network.onChange(lookSoon);
  lookSoon();

  return {
    select() {
      if (known) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        waiting.add(resolve);
        time.after(SELECTION_MS, () => {
          if (waiting.delete(resolve)) reject(noServerSelected());
        });
      });
    },
    suspect(member) {
      if (known === member) setKnown(undefined);
      lookSoon();
    },
    onReachable: (listener) => void listeners.push(listener),
    onNewPrimary: (listener) => void primaryListeners.push(listener),
  };
}
