import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Verify } from './create-verify.ts';
import { CLOCK_TOLERANCE_S } from './to-viewer.ts';

/** How long a token counts as verified. Keys are asked for anew far less often. Unit: milliseconds. */
const TRUST_MS = 5_000;
/** As many as are remembered at once; the one that was verified first is forgotten first. */
const MAX_TOKENS = 1_000;

interface Remembered {
  claims: JWTPayload;
  verifiedAtMs: number;
}

/**
 * The same check of tokens, which does not verify one again that it has verified in the last seconds:
 * a tool that asks much does so with one token, and each verification is a way through the thread
 * pool. What was refused is not remembered, and an expired token is verified again, which tells so.
 *
 * Tokens are kept as SHA-256 alone, so that nothing here can be used to ask.
 */
export function rememberTokens(verify: Verify): Verify {
  const remembered = new Map<string, Remembered>();
  return async (token) => {
    const key = hash('sha256', token, 'base64');
    const known = remembered.get(key);
    const nowMs = Date.now();
    if (known && isGood(known, nowMs)) return known.claims;
    const claims = await verify(token);
    remembered.delete(key);
    remembered.set(key, { claims, verifiedAtMs: nowMs });
    if (remembered.size > MAX_TOKENS) remembered.delete(remembered.keys().next().value ?? '');
    return claims;
  };
}

function isGood({ claims, verifiedAtMs }: Remembered, nowMs: number): boolean {
  const ageMs = nowMs - verifiedAtMs;
  // A clock that was put back says nothing about an age.
  if (ageMs < 0 || ageMs > TRUST_MS) return false;
  return nowMs < ((claims.exp ?? 0) + CLOCK_TOLERANCE_S) * 1_000;
}
