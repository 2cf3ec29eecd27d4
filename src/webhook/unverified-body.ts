/**
 * Period over which the rate of a body is measured, in milliseconds; longer than a TCP
 * retransmission.
 */
const RATE_WINDOW_MS = 5_000;

export type EvictionReason = 'slow' | 'crowded';

/** The unverified bodies from one address. */
export interface Sender {
  heldBytes: number;
  bodies: Set<UnverifiedBody>;
}

/** A body whose signature is not verified yet, and its rate of arrival. */
export interface UnverifiedBody {
  readonly sender: Sender;
  heldBytes: number;
  /** Bytes received since the last measurement. */
  newBytes: number;
  /** Bytes received between the previous two measurements; undefined until the first one. */
  lastBytes: number | undefined;
  /** Age and bytes of the current rate window. */
  windowMs: number;
  windowBytes: number;
  evict: (reason: EvictionReason) => void;
}

/** Measures the rate of a body; returns true at the end of a window with too few bytes. */
export function isTooSlow(
  body: UnverifiedBody,
  elapsedMs: number,
  minBytesPerSecond: number,
): boolean {
  body.lastBytes = body.newBytes;
  body.newBytes = 0;
  body.windowMs += elapsedMs;
  if (body.windowMs < RATE_WINDOW_MS) return false;
  const isSlow = body.windowBytes * 1_000 < minBytesPerSecond * body.windowMs;
  body.windowMs = 0;
  body.windowBytes = 0;
  return isSlow;
}

/**
 * Returns the body that received the fewest bytes recently, from the first sender that has another
 * body than `except`. Bodies that were never measured come last, oldest first.
 */
export function findSlowest(
  senders: readonly Sender[],
  except: UnverifiedBody,
): UnverifiedBody | undefined {
  for (const { bodies } of senders) {
    let slowest: UnverifiedBody | undefined;
    for (const body of bodies) {
      if (body === except || body.heldBytes === 0) continue;
      if (slowest === undefined || recentBytes(body) < recentBytes(slowest)) slowest = body;
    }
    if (slowest) return slowest;
  }
  return undefined;
}

const recentBytes = ({ newBytes, lastBytes = Number.POSITIVE_INFINITY }: UnverifiedBody): number =>
  newBytes + lastBytes;
