import type { Random } from '../../faults/random.ts';
import { isUp, type Member } from '../replica-set/member.ts';
import type { World } from '../world.ts';
import { noServerSelected } from './to-driver-error.ts';

/** `serverSelectionTimeoutMS` of the application, in milliseconds. */
const SELECTION_MS = 2_500;

/** What one client knows of the set, as the driver's monitors tell it. */
export interface Topology {
  /** The member to send to. @throws MongoServerSelectionError */
  select(): Promise<Member>;
  /** An error has said that this member is not the primary any more, or not there. */
  suspect(member: Member): void;
  /** Calls back whenever a primary becomes known, or none is known any more. */
  onReachable(listener: (isReachable: boolean) => void): void;
}

/**
 * Of two that say that they are the primary the one of the higher term is. A member that is told of,
 * or whose connection ends, is known at once; one that is silent only after some seconds.
 * Source: the drivers' specification "Server Discovery and Monitoring".
 *
 * @param onLost told of a member whose connections are closed, since it does not answer
 */
export function createTopology(
  name: string,
  { world, random, onLost }: { world: World; random: Random; onLost: (member: Member) => void },
): Topology {
  const { members, network, time } = world;
  const listeners: ((isReachable: boolean) => void)[] = [];
  const waiting = new Set<(member: Member) => void>();
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
        // The next heartbeat, and the time that it may take (`heartbeatFrequencyMS`).
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

  const lookSoon = () => time.after(random.whole(1, 30), look);
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
  };
}
