import { createHmac } from 'node:crypto';
import { purposeKey } from './purpose-key.ts';

const KEY_BYTES = 32;
const HASH_BYTES = 16;

/**
 * Returns the keyed hash under which the projection of contacts has an e-mail address or a phone
 * number. A guess cannot be verified without the key.
 */
export type ContactHash = (contact: string) => string;

/**
 * Creates the hash of contacts: HMAC-SHA256 under a key of its own, cut to 128 bits.
 *
 * @param secret the log's secret, 16 bytes
 */
export function createContactHash(secret: Uint8Array): ContactHash {
  const key = purposeKey(secret, 'contact hash', KEY_BYTES);
  return (contact) =>
    createHmac('sha256', key)
      .update(contact)
      .digest()
      .subarray(0, HASH_BYTES)
      .toString('base64url');
}
