import type { Random } from '../faults/random.ts';
import type { VirtualTime } from './clock/virtual-time.ts';

/** A fault of the link between two nodes. */
export interface LinkFault {
  /** `refused`: connections end at once. `silent`: packets vanish without an error. */
  kind: 'refused' | 'silent' | 'slow';
  /** For `slow`: additional delay of each packet, in milliseconds. */
  extraMs?: number;
}

/**
 * The links between clients and members, and between members. Every delay is drawn from the seed.
 */
export interface Network {
  /** Carries a packet, unless the link is broken when it leaves or arrives. */
  carry(from: string, to: string, arrive: () => void): void;
  faultOf(one: string, other: string): LinkFault | undefined;
  /** True when packets arrive in both directions. */
  isOpen(one: string, other: string): boolean;
  break(one: string, other: string, fault: LinkFault): void;
  heal(one: string, other: string): void;
  healAll(): void;
  /** Calls back when a link is broken or healed. */
  onChange(listener: () => void): void;
}

export function createNetwork(time: VirtualTime, random: Random): Network {
  const faults = new Map<string, LinkFault>();
  const listeners: (() => void)[] = [];
  /** Packets lost on a silent link: TCP sends them again once it is healed. */
  const swallowed = new Map<string, (() => void)[]>();
  const keyOf = (one: string, other: string) =>
    one < other ? `${one} ${other}` : `${other} ${one}`;
  const faultOf = (one: string, other: string) =>
    faults.size === 0 ? undefined : faults.get(keyOf(one, other));
  const isOpen = (one: string, other: string) => {
    const kind = faultOf(one, other)?.kind;
    return kind === undefined || kind === 'slow';
  };
  const tell = () => {
    for (const listener of listeners) listener();
  };

  function swallow(from: string, to: string, arrive: () => void): void {
    const key = keyOf(from, to);
    swallowed.set(key, [...(swallowed.get(key) ?? []), arrive]);
  }

  function sendAgain(key: string): void {
    for (const arrive of swallowed.get(key) ?? []) time.after(random.whole(1, 400), arrive);
    swallowed.delete(key);
  }

  return {
    carry(from, to, arrive) {
      const fault = faultOf(from, to);
      if (fault?.kind === 'refused') return;
      if (fault?.kind === 'silent') {
        swallow(from, to, arrive);
        return;
      }
      // Most packets are fast, a few are late, so connections of a pool overtake each other.
      const delayMs = random.chance(0.02) ? random.whole(5, 60) : random.whole(1, 3);
      time.after(delayMs + (fault?.extraMs ?? 0), () => {
        if (isOpen(from, to)) arrive();
        else if (faultOf(from, to)?.kind === 'silent') swallow(from, to, arrive);
      });
    },
    faultOf,
    isOpen,
    break(one, other, fault) {
      faults.set(keyOf(one, other), fault);
      tell();
    },
    heal(one, other) {
      if (!faults.delete(keyOf(one, other))) return;
      sendAgain(keyOf(one, other));
      tell();
    },
    healAll() {
      for (const key of faults.keys()) sendAgain(key);
      faults.clear();
      tell();
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
