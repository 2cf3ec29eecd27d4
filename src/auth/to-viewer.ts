import type { JWTPayload } from 'jose';
import { hasAtMost } from '../catalog/characters.ts';
import { MAX_SUBJECT_LENGTH } from '../catalog/field.ts';
import { EventlineError } from '../errors.ts';
import type { Viewer } from './viewer.ts';

/** The claim with the id of a sign-in. */
export const SIGN_IN_CLAIM = 'eventline_sign_in';

/** Clock tolerance in seconds. */
export const CLOCK_TOLERANCE_S = 5;

/**
 * Returns the viewer of a verified token's claims. The user is the string in `userClaim`; a token
 * without that claim belongs to a tool. Scopes are `scope` (RFC 8693, 4.2) or else `scp`: a
 * space-separated string or a list of strings, since identity providers use both.
 *
 * @throws EventlineError UNAUTHENTICATED when a claim has another type: ignoring it would turn a
 * user's token into a tool's
 */
export function toViewer(claims: JWTPayload, userClaim: string): Viewer {
  const signInId = claimOf(claims, SIGN_IN_CLAIM);
  return {
    userId: readUser(claims, userClaim),
    scopes: new Set(readScopes(claims)),
    // The verification has checked that `exp` is present.
    expiresAtMs: ((claims.exp ?? 0) + CLOCK_TOLERANCE_S) * 1_000,
    ...(typeof signInId === 'string' && { signInId }),
  };
}

/** Own properties only: a claim may be named like a member of Object.prototype. */
function claimOf(claims: JWTPayload, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** Returns the user id in a claim, null without it. @throws EventlineError as `toViewer` does */
export function readUser(claims: JWTPayload, claim: string): string | null {
  const value = claimOf(claims, claim);
  if (value === undefined) return null;
  const isId = typeof value === 'string' && value !== '' && hasAtMost(value, MAX_SUBJECT_LENGTH);
  if (isId) return value;
  throw invalidClaim(claim, `a text of 1 to ${MAX_SUBJECT_LENGTH} characters`);
}

/**
 * Returns the scopes in a claim, by default `scope`, else `scp`.
 * @throws EventlineError as `toViewer` does
 */
export function readScopes(
  claims: JWTPayload,
  claim = Object.hasOwn(claims, 'scope') ? 'scope' : 'scp',
): string[] {
  const value = claimOf(claims, claim);
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split(' ').filter(Boolean);
  const isList = Array.isArray(value) && value.every((scope) => typeof scope === 'string');
  if (isList) return value;
  throw invalidClaim(claim, 'a text with spaces between scopes, or a list of texts');
}

function invalidClaim(claim: string, expected: string): EventlineError {
  return new EventlineError(
    'UNAUTHENTICATED',
    `The token's claim "${claim}" is invalid: expected ${expected}.`,
  );
}
