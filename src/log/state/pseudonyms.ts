import { createHmac } from 'node:crypto';
import type { Pseudonyms } from '../../catalog/erased/erased-event.ts';

/** By this a reader recognises what was erased; the sender's ids do not look like it. */
const PREFIX = 'erased-';
const PSEUDONYM_BYTES = 16;

export interface ErasurePseudonyms extends Pseudonyms {
  /** The identity of an erased event: its own says what it said, to whoever guesses that. */
  digest(digest: Buffer): Buffer;
  /** For what has no user, on installations of the user: nothing leads from it to the others. */
  readonly loose: Pseudonyms;
}

/**
 * The pseudonyms of one erasure. All come from one random secret that is destroyed at its end, so
 * that an erasure which was broken off goes on with the same ones, and afterwards nobody can make
 * them again.
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
    loose: {
      user: user('loose'),
      uuid: (identifier) => toUuid(keyed('loose', identifier)),
    },
  };
}

/** A UUID of version 8, which is free for what it is made from (RFC 9562, 5.8). */
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
