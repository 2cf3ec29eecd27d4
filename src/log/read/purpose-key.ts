import { hkdfSync } from 'node:crypto';

/**
 * Derives a key for one purpose from the log's secret (HKDF, RFC 5869), so that no two purposes share
 * a key.
 *
 * @param secret 16 bytes
 * @param bytes length of the key
 */
export function purposeKey(secret: Uint8Array, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `eventline ${purpose}`, bytes));
}
