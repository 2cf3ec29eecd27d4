import { createHmac, hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;
const HASH_BYTES = 16;

/**
 * Returns the keyed hash under which the projection of contacts has an e-mail address or a phone
 * number. Without the key, nobody can compute it from a guess.
 */
export type ContactHash = (contact: string) => string;

/**
 * Creates the hash of contacts: HMAC-SHA256 under a key of its own (HKDF, RFC 5869), cut to 128 bits.
 *
 * @param secret the log's secret, 16 bytes
 */
export function createContactHash(secret: Uint8Array): ContactHash {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'eventline contact hash', KEY_BYTES));
  return (contact) =>
    createHmac('sha256', key)
      .update(contact)
      .digest()
      .subarray(0, HASH_BYTES)
      .toString('base64url');
}
