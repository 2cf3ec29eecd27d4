import { createPublicKey, type KeyObject } from 'node:crypto';

/** How senders sign: `X-Signature` over the body, or Standard Webhooks 1.0 (standardwebhooks.com). */
export const webhookSchemes = ['x-signature', 'standard-webhooks'] as const;
export type WebhookScheme = (typeof webhookSchemes)[number];

/** A key of Standard Webhooks: a shared secret (`v1`), or a public key of the sender (`v1a`). */
export type StandardKey = { hmac: Buffer } | { ed25519: KeyObject };

const SECRET_PREFIX = 'whsec_';
const PUBLIC_PREFIX = 'whpk_';
const PRIVATE_PREFIX = 'whsk_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const ED25519_BYTES = 32;
/** Shorter secrets can be guessed; the specification asks senders for 24 bytes. */
const MIN_HMAC_BYTES = 16;

/**
 * Parses a key as Standard Webhooks writes it: `whsec_` or `whpk_` and base64; base64 alone is a
 * shared secret. Returns undefined for anything else, such as a private key.
 */
export function parseStandardKey(text: string): StandardKey | undefined {
  if (text.startsWith(PRIVATE_PREFIX)) return undefined;
  const isPublic = text.startsWith(PUBLIC_PREFIX);
  const encoded = text.replace(isPublic ? PUBLIC_PREFIX : SECRET_PREFIX, '');
  if (!BASE64.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (!isPublic) return bytes.length >= MIN_HMAC_BYTES ? { hmac: bytes } : undefined;
  if (bytes.length !== ED25519_BYTES) return undefined;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') };
  return { ed25519: createPublicKey({ key: jwk, format: 'jwk' }) };
}

/** Returns a generated secret in the form that the scheme needs. */
export function toSchemeSecret(scheme: WebhookScheme, secret: string): string {
  if (scheme === 'x-signature') return secret;
  return `${SECRET_PREFIX}${Buffer.from(secret).toString('base64')}`;
}
