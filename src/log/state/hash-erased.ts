import { createHash, createHmac } from 'node:crypto';
import type { NewEvent } from '../../catalog/event.ts';
import { eventDigest } from '../../catalog/event-digest.ts';

/** Number of marks. */
export const MARKS = 65_536;
const FNV_PRIME = 0x01000193;

const keyedHash = (kind: string) => (key: Buffer, value: string | Buffer) =>
  createHmac('sha256', key).update(`${kind}\0`).update(value).digest();

/** Returns the keyed hash under which an erased id is stored. Whoever has the key can test ids. */
export const hashUser = keyedHash('user');
/** The same for an e-mail address or a phone number, in a form of `contactsIn`. */
export const hashContact = keyedHash('contact');
/** The same for the digest of an event. */
export const hashDigest = keyedHash('digest');
/** The same for the digest of an event that an erasure has changed. */
export const hashChanged = keyedHash('changed');
const hashBody = keyedHash('refused');

/**
 * The same for an event, over its whole content and its instant in whole milliseconds, since an
 * export may write other digits. Type and instant alone are not enough: the log keeps them for
 * erased events, so they would lead to the user.
 */
export function hashEvent(
  key: Buffer,
  { typeName, occurredOn, payload }: Pick<NewEvent, 'typeName' | 'occurredOn' | 'payload'>,
): Buffer {
  return hashDigest(key, eventDigest(typeName, occurredOn.toISOString(), payload));
}

/** The same for a delivery removed from quarantine, by its raw bytes. */
export function hashRefused(key: Buffer, rawBody: Buffer): Buffer {
  return hashBody(key, createHash('sha256').update(rawBody).digest());
}

/** Returns a whole number below MARKS: a cheap filter for digests. */
export function markOfDigest(digest: Buffer): number {
  return digest.readUInt16BE();
}

/**
 * Returns a mark below MARKS: a cheap filter that rules out nearly every text that is not an erased
 * id, some fifty times as fast as its hash. To a holder of the key it reveals no more than the
 * hash. FNV-1a over UTF-16 units, folded; seeded by the key.
 */
export function markOf(key: Buffer, text: string): number {
  let hash = key.readInt32LE();
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return (hash ^ (hash >>> 16)) & (MARKS - 1);
}
