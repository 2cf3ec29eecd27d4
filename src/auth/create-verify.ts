import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { SignInSettings } from '../config/sign-in-settings.ts';
import { MIN_SECRET_BYTES, type TokenKeys } from '../config/token-keys.ts';
import { EventlineError } from '../errors.ts';
import { createKeySet } from './create-key-set.ts';
import { isSessionToken, sessionTokenKey } from './sign-in/session-tokens.ts';
import { CLOCK_TOLERANCE_S } from './to-viewer.ts';

/** Message for an expired token, wherever that is detected. */
export const EXPIRED = 'The token has expired.';

/** Asymmetric algorithms only: a shared secret is never looked up among published keys. */
const PUBLIC_KEY_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

export interface VerifyOptions {
  keys: TokenKeys;
  /** Where people sign in; tokens of sign-ins are accepted too. */
  signIn?: SignInSettings | undefined;
  issuer?: string | undefined;
  audience?: string | undefined;
}

/** Returns the claims of a token. @throws EventlineError as Authenticate does */
export type Verify = (token: string) => Promise<JWTPayload>;

/**
 * Creates the verification of a JWT (RFC 7519, with the advice of RFC 8725). The server chooses the
 * algorithms, so `none` is refused and no public key is used as a secret. `exp` is required, since
 * a token without it could not be ended.
 *
 * @throws RangeError when the shared secret is too short
 */
export function createVerify({ keys, signIn, issuer, audience }: VerifyOptions): Verify {
  const always = { clockTolerance: CLOCK_TOLERANCE_S, requiredClaims: ['exp'] };
  const options: JWTVerifyOptions = {
    ...always,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  const check = 'secrets' in keys ? withSecrets(keys.secrets) : withKeySet(keys.jwksUrl);
  const checkSession = signIn && withSessionKey(sessionTokenKey(signIn));
  return async (token) => {
    try {
      if (checkSession && isSessionToken(token)) return await checkSession(token, always);
      return await check(token, options);
    } catch (error) {
      if (error instanceof EventlineError) throw error;
      throw new EventlineError('UNAUTHENTICATED', describe(error), { cause: error });
    }
  };
}

function withSecrets(texts: readonly string[]) {
  const secrets = texts.map((text) => new TextEncoder().encode(text));
  if (secrets.some(({ length }) => length < MIN_SECRET_BYTES)) {
    throw new RangeError(`the secret of tokens needs ${MIN_SECRET_BYTES} bytes or more`);
  }
  return async (token: string, options: JWTVerifyOptions) => {
    let mismatch: unknown;
    for (const secret of secrets) {
      try {
        return (await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })).payload;
      } catch (error) {
        // Any other fault is the token's own, whichever secret signed it.
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
        mismatch = error;
      }
    }
    throw mismatch;
  };
}

function withSessionKey(key: Uint8Array) {
  return async (token: string, options: JWTVerifyOptions) =>
    (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload;
}

function withKeySet(url: URL) {
  const keySet = createKeySet(url);
  return async (token: string, options: JWTVerifyOptions) =>
    (await jwtVerify(token, keySet, { ...options, algorithms: PUBLIC_KEY_ALGORITHMS })).payload;
}

function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return EXPIRED;
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (claim === 'exp' && reason === 'missing') {
      return 'The token has no expiry: its claim "exp" is needed here.';
    }
    return `The token's claim "${claim}" is not accepted here.`;
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'The token does not name its key ("kid"), and several may be meant.';
  }
  return 'The token is not valid here: it is not signed with a key of this server.';
}
