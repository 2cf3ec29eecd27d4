import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { describeLimit, type Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import { addressGroup } from '../../webhook/address-group.ts';

/** Connections beyond the limit that are reserved for the webhook and the health checks. */
export const RESERVED = 100;
/** Time for a first delivery on a reserved connection, in milliseconds; later it is evicted first. */
const GRACE_MS = 2_000;

export interface ConnectionLimits {
  /** Returns the error for the client of a connection that came in over the limit. */
  refusalOf(socket: Duplex): EventlineError | undefined;
  /** Protects a connection from eviction: a delivery on it had a valid signature. */
  trust(socket: Duplex): void;
}

export interface ConnectionLimitsOptions {
  maxConnections: Limits['maxConnections'];
  /** Number of reserved connections; 100 by default. */
  reserved?: number | undefined;
  nowMs?: () => number;
}

interface Untrusted {
  group: string;
  sinceMs: number;
}

/**
 * Counts the connections of a server. Those over the limit are refused GraphQL, since readers must
 * not keep the sender out: the webhook and the health checks have a reserve.
 *
 * A connection in the reserve is untrusted until a delivery on it has a valid signature. When the
 * reserve is full, a new connection replaces an untrusted one: one whose grace period is over, if
 * there is any; from the address with most of them; the oldest. Without one it is dropped.
 */
export function limitConnections(
  server: Server,
  { maxConnections, reserved = RESERVED, nowMs = () => performance.now() }: ConnectionLimitsOptions,
): ConnectionLimits {
  const counted = new WeakSet<Socket>();
  const overLimit = new WeakSet<Duplex>();
  /** The untrusted connections of the reserve, oldest first. */
  const untrusted = new Map<Duplex, Untrusted>();
  let open = 0;

  server.on('connection', (socket: Socket) => {
    // A connection that is handled again was already counted (`ignore-upgrade.ts`).
    if (counted.has(socket)) return;
    counted.add(socket);
    open += 1;
    // Not `once`, which wraps its listener: a socket closes once.
    socket.on('close', () => {
      open -= 1;
      untrusted.delete(socket);
    });
    if (open <= maxConnections) return;
    if (open > maxConnections + reserved && !evict()) return void socket.destroy();
    overLimit.add(socket);
    untrusted.set(socket, { group: addressGroup(socket.remoteAddress), sinceMs: nowMs() });
  });

  function evict(): boolean {
    const victim = findVictim([...untrusted], nowMs() - GRACE_MS);
    if (victim === undefined) return false;
    untrusted.delete(victim);
    victim.destroy();
    return true;
  }

  return {
    refusalOf(socket) {
      if (!overLimit.has(socket)) return undefined;
      const most = describeLimit({ maxConnections }, 'maxConnections');
      return new EventlineError(
        'SERVICE_UNAVAILABLE',
        `This server has ${most} connections open, its maximum. Retry shortly.`,
      );
    },
    trust: (socket) => void untrusted.delete(socket),
  };
}

function findVictim(untrusted: [Duplex, Untrusted][], graceStartMs: number): Duplex | undefined {
  const late = untrusted.filter(([, { sinceMs }]) => sinceMs <= graceStartMs);
  const candidates = late.length > 0 ? late : untrusted;
  const sizes = new Map<string, number>();
  for (const [, { group }] of candidates) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const largest = Math.max(...sizes.values());
  return candidates.find(([, { group }]) => sizes.get(group) === largest)?.[0];
}
