import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Verify } from './create-verify.ts';
import { CLOCK_TOLERANCE_S } from './to-viewer.ts';

/** How long a verified token is trusted without another verification, in milliseconds. */
const TRUST_MS = 5_000;
/** Maximum number of cached tokens. */
const MAX_TOKENS = 1_000;

interface CachedToken {
  claims: JWTPayload;
  verifiedAtMs: number;
}

/**
 * Caches verified tokens for a few seconds: a busy tool sends many requests with one token, and
 * each verification is a round trip through the thread pool. Refused tokens are not cached; an
 * expired one is verified again, which reports the expiry.
 *
 * Only SHA-256 hashes of tokens are stored.
 */
export function rememberTokens(verify: Verify): Verify {
  const cache = new LRUCache<string, CachedToken>({ max: MAX_TOKENS });
  return async (token) => {
    const key = hash('sha256', token, 'base64');
    const known = cache.get(key);
    const nowMs = Date.now();
    if (known && isGood(known, nowMs)) return known.claims;
    const claims = await verify(token);
    cache.set(key, { claims, verifiedAtMs: nowMs });
    return claims;
  };
}

function isGood({ claims, verifiedAtMs }: CachedToken, nowMs: number): boolean {
  const ageMs = nowMs - verifiedAtMs;
  // After a clock was set back, the age is unknown.
  if (ageMs < 0 || ageMs > TRUST_MS) return false;
  return nowMs < ((claims.exp ?? 0) + CLOCK_TOLERANCE_S) * 1_000;
}
