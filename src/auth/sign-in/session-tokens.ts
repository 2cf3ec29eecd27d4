import { hkdfSync } from 'node:crypto';
import { decodeProtectedHeader, EncryptJWT, type JWTPayload, jwtDecrypt, SignJWT } from 'jose';
import type { SignInSettings } from '../../config/sign-in-settings.ts';
import { SIGN_IN_CLAIM } from '../to-viewer.ts';

/** Marks tokens of sign-ins, which have a key of their own. */
const TYPE = 'eventline-session+jwt';
/** How long a token is valid; pages get another one in time. Unit: seconds. */
export const TOKEN_LIFETIME_S = 10 * 60;
const KEY_BYTES = 32;

/** What a person who has signed in may see, as the ID token says. */
export interface Session {
  /** The user id at the sender, where a claim for it is configured. */
  user?: string | undefined;
  scopes: readonly string[];
  /** Random; limits count all tokens of one sign-in together. */
  id: string;
}

export interface SessionTokens {
  /** Encrypts claims for a cookie of this purpose. */
  seal(purpose: string, claims: JWTPayload, lifetimeS: number): Promise<string>;
  /** Returns the claims of a cookie; undefined if it is damaged, foreign or expired. */
  open(purpose: string, sealed: string): Promise<JWTPayload | undefined>;
  /** Signs a short token for GraphQL. */
  issue(session: Session): Promise<string>;
}

/**
 * Creates the cookies and tokens of people who have signed in. Their keys are made of the client
 * secret, which all instances have, so nothing is stored and any instance accepts them.
 */
export function createSessionTokens(options: SignInSettings): SessionTokens {
  const cookieKey = deriveKey(options, 'cookie');
  const tokenKey = sessionTokenKey(options);
  return {
    seal: (purpose, claims, lifetimeS) =>
      new EncryptJWT(claims)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(purpose)
        .setExpirationTime(`${lifetimeS}s`)
        .encrypt(cookieKey),
    async open(purpose, sealed) {
      const checks = { audience: purpose, requiredClaims: ['exp'] };
      return jwtDecrypt(sealed, cookieKey, checks).then(
        ({ payload }) => payload,
        () => undefined,
      );
    },
    issue: ({ user, scopes, id }) =>
      new SignJWT({
        ...(options.userClaim && user !== undefined && { [options.userClaim]: user }),
        scope: scopes.join(' '),
        [SIGN_IN_CLAIM]: id,
      })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE })
        .setIssuedAt()
        .setExpirationTime(`${TOKEN_LIFETIME_S}s`)
        .sign(tokenKey),
  };
}

/** Returns the key that signs and verifies tokens of sign-ins. */
export function sessionTokenKey(options: SignInSettings): Uint8Array {
  return deriveKey(options, 'token');
}

/** Returns true for a token that claims to be of a sign-in; its signature decides. */
export function isSessionToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === TYPE;
  } catch {
    return false;
  }
}

/** HKDF (RFC 5869): one key per purpose. */
function deriveKey(
  { issuer, clientId, clientSecret }: SignInSettings,
  purpose: string,
): Uint8Array {
  const salt = JSON.stringify([issuer.href, clientId]);
  return new Uint8Array(hkdfSync('sha256', clientSecret, salt, `eventline ${purpose}`, KEY_BYTES));
}
