import { createHmac, type KeyObject, timingSafeEqual, verify as verifyEd25519 } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseStandardKey } from '../config/webhook-scheme.ts';
import { MAX_SIGNATURES, type SignatureVerdict } from './verify-signature.ts';

/** Allowed distance of the signed timestamp from now, as in the reference libraries. */
const TOLERANCE_MS = 5 * 60 * 1_000;
const ED25519_SIGNATURE_BYTES = 64;
/** An Ed25519 verification takes many times the CPU of an HMAC, and anyone can send signatures. */
export const MAX_ED25519_SIGNATURES = 2;
/** `v1,` or `v1a,` and base64, separated by spaces; commas come from a repeated header. */
const SIGNATURE = /(?:^|[\s,])(v1a?),([A-Za-z0-9+/]+={0,2})(?=$|[\s,])/g;

/**
 * Returns a function that verifies the headers of Standard Webhooks 1.0: the signature of
 * `id.timestamp.body` by HMAC-SHA256 (`v1`) or Ed25519 (`v1a`), then the timestamp. One valid
 * signature is enough. The returned function never throws.
 *
 * @param secrets one or more keys: `whsec_…`, `whpk_…`
 * @throws RangeError for a text that is no such key
 */
export function createStandardVerifier(
  secrets: readonly string[],
  nowMs: () => number = Date.now,
): (rawBody: Buffer, headers: IncomingHttpHeaders) => SignatureVerdict {
  if (secrets.length === 0) throw new RangeError('at least one webhook secret is needed');
  const keys = secrets.map((secret) => {
    const key = parseStandardKey(secret);
    if (key === undefined) throw new RangeError('a webhook secret is no key of Standard Webhooks');
    return key;
  });
  const hmacKeys = keys.flatMap((key) => ('hmac' in key ? [key.hmac] : []));
  const publicKeys = keys.flatMap((key) => ('ed25519' in key ? [key.ed25519] : []));

  return (rawBody, headers) => {
    const id = textOf(headers['webhook-id']);
    const timestamp = textOf(headers['webhook-timestamp']);
    const signature = textOf(headers['webhook-signature']);
    if (!id || !timestamp || !signature) return 'missing';
    // Node decodes headers as Latin-1.
    const prefix = Buffer.from(`${id}.${timestamp}.`, 'latin1');
    const claims = [...signature.matchAll(SIGNATURE)].slice(0, MAX_SIGNATURES);
    const claimed = (version: string) =>
      claims.flatMap(([, of, text = '']) => (of === version ? [Buffer.from(text, 'base64')] : []));
    const isValid =
      matchesHmac(hmacKeys, claimed('v1'), [prefix, rawBody]) ||
      matchesEd25519(publicKeys, claimed('v1a'), [prefix, rawBody]);
    if (!isValid) return 'wrong';
    return isCurrent(timestamp, nowMs()) ? 'valid' : 'stale';
  };
}

function textOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim();
}

function matchesHmac(
  keys: readonly Buffer[],
  claimed: readonly Buffer[],
  [prefix, body]: [Buffer, Buffer],
): boolean {
  if (claimed.length === 0) return false;
  let isValid = false;
  for (const key of keys) {
    const expected = createHmac('sha256', key).update(prefix).update(body).digest();
    for (const digest of claimed) {
      const isEqual = digest.length === expected.length && timingSafeEqual(expected, digest);
      isValid = isEqual || isValid;
    }
  }
  return isValid;
}

function matchesEd25519(
  keys: readonly KeyObject[],
  claimed: readonly Buffer[],
  parts: [Buffer, Buffer],
): boolean {
  const signatures = claimed
    .filter(({ length }) => length === ED25519_SIGNATURE_BYTES)
    .slice(0, MAX_ED25519_SIGNATURES);
  if (signatures.length === 0 || keys.length === 0) return false;
  const content = Buffer.concat(parts);
  return keys.some((key) =>
    signatures.some((signature) => verifyEd25519(null, content, key, signature)),
  );
}

function isCurrent(timestamp: string, nowMs: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(Number(timestamp) * 1_000 - nowMs) <= TOLERANCE_MS;
}
