import { createHash, createHmac } from 'node:crypto';
import type { NewEvent } from '../../catalog/event.ts';
import { eventDigest } from '../../catalog/event-digest.ts';

/** How many marks there are. */
export const MARKS = 65_536;
const FNV_PRIME = 0x01000193;

/** The name under which an id is kept: not the id, but whoever has the key can try ids. */
export function hashUser(key: Buffer, userId: string): Buffer {
  return createHmac('sha256', key).update('user\0').update(userId).digest();
}

/** The same for the digest of an event. */
export function hashDigest(key: Buffer, digest: Buffer): Buffer {
  return createHmac('sha256', key).update('digest\0').update(digest).digest();
}

/**
 * The same for an event, by all that it says and its instant in whole milliseconds: who writes that
 * instant in other digits, as an export does, says the same. Type and instant alone would not do:
 * the log keeps them of what is erased, so that they would lead from there to the user.
 */
export function hashEvent(
  key: Buffer,
  { typeName, occurredOn, payload }: Pick<NewEvent, 'typeName' | 'occurredOn' | 'payload'>,
): Buffer {
  return hashDigest(key, eventDigest(typeName, occurredOn.toISOString(), payload));
}

/** The same for a delivery that was removed from quarantine, by its raw bytes. */
export function hashRefused(key: Buffer, rawBody: Buffer): Buffer {
  const digest = createHash('sha256').update(rawBody).digest();
  return createHmac('sha256', key).update('refused\0').update(digest).digest();
}

/**
 * A whole number below MARKS that nearly every text which is not an erased id is told apart by,
 * some fifty times as fast as by its hash. It says no more of an id than the hash does to whoever
 * has the key. FNV-1a over UTF-16 units, folded; seeded by the key.
 */
export function markOf(key: Buffer, text: string): number {
  let hash = key.readInt32LE();
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return (hash ^ (hash >>> 16)) & (MARKS - 1);
}
