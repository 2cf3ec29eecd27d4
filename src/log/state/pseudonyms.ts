import { createHmac } from 'node:crypto';
import type { Pseudonyms } from '../../catalog/erased/erased-event.ts';

/** Readers recognise an erased id by this prefix; the sender's ids do not look like it. */
const PREFIX = 'erased-';
const PSEUDONYM_BYTES = 16;

export interface ErasurePseudonyms extends Pseudonyms {
  /**
   * Returns the new identity of an erased event; the old one would confirm a guess of its content.
   */
  digest(digest: Buffer): Buffer;
  /**
   * For events without a user on the user's installations, so that they cannot be linked to the
   * others.
   */
  readonly unattributed: Pseudonyms;
}

/**
 * Creates the pseudonyms of one erasure. They derive from a random secret that is destroyed at its
 * end, so an interrupted erasure resumes with the same ones, and afterwards they can no longer be
 * recomputed.
 */
export function createPseudonyms(secret: Buffer): ErasurePseudonyms {
  const keyed = (purpose: string, value: string | Buffer) =>
    createHmac('sha256', secret).update(purpose).update('\0').update(value).digest();
  const user = (purpose: string) =>
    `${PREFIX}${keyed(purpose, '').subarray(0, PSEUDONYM_BYTES).toString('base64url')}`;
  return {
    user: user('user'),
    uuid: (identifier) => toUuid(keyed('id', identifier)),
    digest: (digest) => keyed('digest', digest),
    unattributed: {
      // An interrupted erasure resumes with the same pseudonyms, so this text must not change.
      user: user('loose'),
      uuid: (identifier) => toUuid(keyed('loose', identifier)),
    },
  };
}

/** Returns a UUID of version 8, whose content is free (RFC 9562, 5.8). */
function toUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  const variant = '89ab'[(bytes[8] ?? 0) & 3];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
