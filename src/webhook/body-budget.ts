import {
  type EvictionReason,
  findSlowest,
  isTooSlow,
  type Sender,
  type UnverifiedBody,
} from './unverified-body.ts';

/** Bodies up to this size may use the whole budget; larger ones leave a reserve for them. */
const SMALL_BODY_BYTES = 16 * 1024;
/** The reserve for small bodies, as a fraction of the budget. A typical delivery has 300 bytes. */
const SMALL_BODY_RESERVE = 1 / 8;

export interface BodyBudgetOptions {
  /** Memory for all bodies that are being read or await their answer, in bytes. */
  maxBytes: number;
  /** Memory for the unverified bodies from one address, in bytes. */
  maxBytesPerAddress: number;
  /** Minimum rate of a body; slower ones are evicted. */
  minBytesPerSecond: number;
}

/** Limits the memory that request bodies use. */
export interface BodyBudget {
  /** Returns true while verified bodies alone fill the budget. */
  full(): boolean;
  /**
   * Opens the share of one delivery; release it after the answer.
   * @param address group of addresses that counts as one sender (`addressGroup`)
   */
  open(address: string): BodyShare;
  /** Measures the rates and evicts slow bodies; call it several times a second. */
  measure(elapsedMs: number): void;
}

export interface BodyShare {
  /** Counts received bytes for the rate. */
  received(bytes: number): void;
  /** Takes memory, evicting slower bodies for it. Returns false when that does not free enough. */
  take(bytes: number): boolean;
  /** Sets the callback for the eviction of this body. A verified body is never evicted. */
  onEvicted(callback: (reason: EvictionReason) => void): void;
  /** Marks the signature as valid. */
  verified(): void;
  release(): void;
}

/**
 * Creates a budget that counts received bytes, not announced ones. Anyone who reaches the webhook
 * can send a body, so an unverified body keeps its memory only until another body needs it. Then
 * the slowest body from the address that holds the most memory is evicted.
 */
export function createBodyBudget(options: BodyBudgetOptions): BodyBudget {
  const { maxBytes, maxBytesPerAddress, minBytesPerSecond } = options;
  const largeBodiesBytes = Math.floor(maxBytes * (1 - SMALL_BODY_RESERVE));
  /** Senders with unverified bodies, by address. */
  const senders = new Map<string, Sender>();
  let heldBytes = 0;
  let verifiedBytes = 0;

  /** Returns the senders that have to free memory, largest first; undefined if there is enough. */
  function findSendersOverLimit(body: UnverifiedBody, bytes: number): Sender[] | undefined {
    const isSmall = body.heldBytes + bytes <= SMALL_BODY_BYTES;
    if (!isSmall && body.sender.heldBytes + bytes > maxBytesPerAddress) return [body.sender];
    if (heldBytes + bytes <= (isSmall ? maxBytes : largeBodiesBytes)) return undefined;
    return [...senders.values()].sort((one, other) => other.heldBytes - one.heldBytes);
  }

  function freeMemory(body: UnverifiedBody, bytes: number): boolean {
    for (;;) {
      const overLimit = findSendersOverLimit(body, bytes);
      if (overLimit === undefined) return true;
      const victim = findSlowest(overLimit, body);
      if (victim === undefined) return false;
      victim.evict('crowded');
    }
  }

  function open(address: string): BodyShare {
    const sender = senders.get(address) ?? { heldBytes: 0, bodies: new Set() };
    senders.set(address, sender);
    let state: 'unverified' | 'verified' | 'closed' = 'unverified';
    let onEvicted: (reason: EvictionReason) => void = () => undefined;
    const body: UnverifiedBody = {
      sender,
      heldBytes: 0,
      newBytes: 0,
      lastBytes: undefined,
      windowMs: 0,
      windowBytes: 0,
      evict(reason) {
        release();
        onEvicted(reason);
      },
    };
    sender.bodies.add(body);

    function leaveSender(): void {
      sender.heldBytes -= body.heldBytes;
      sender.bodies.delete(body);
      if (sender.bodies.size === 0 && senders.get(address) === sender) senders.delete(address);
    }

    function release(): void {
      if (state === 'closed') return;
      if (state === 'unverified') leaveSender();
      else verifiedBytes -= body.heldBytes;
      heldBytes -= body.heldBytes;
      state = 'closed';
    }

    return {
      received(bytes) {
        body.newBytes += bytes;
        body.windowBytes += bytes;
      },
      take(bytes) {
        if (state !== 'unverified' || !freeMemory(body, bytes)) return false;
        heldBytes += bytes;
        sender.heldBytes += bytes;
        body.heldBytes += bytes;
        return true;
      },
      onEvicted(callback) {
        onEvicted = callback;
      },
      verified() {
        if (state !== 'unverified') return;
        leaveSender();
        verifiedBytes += body.heldBytes;
        state = 'verified';
      },
      release,
    };
  }

  return {
    full: () => verifiedBytes >= maxBytes,
    open,
    measure(elapsedMs) {
      for (const { bodies } of senders.values()) {
        for (const body of bodies) {
          if (isTooSlow(body, elapsedMs, minBytesPerSecond)) body.evict('slow');
        }
      }
    },
  };
}
