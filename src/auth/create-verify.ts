import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { MIN_SECRET_BYTES, type TokenKeys } from '../config/token-keys.ts';
import { EventlineError } from '../errors.ts';
import { createKeySet } from './create-key-set.ts';
import { CLOCK_TOLERANCE_S } from './to-viewer.ts';

/** What is said of a token whose time is over, wherever that is noticed. */
export const EXPIRED = 'The token has expired.';

/** All with a public key: a shared secret is never looked for among published keys. */
const PUBLIC_KEY_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

export interface VerifyOptions {
  keys: TokenKeys;
  issuer?: string | undefined;
  audience?: string | undefined;
  /** Told when published keys cannot be had, once until they could be again. */
  onKeysFault?: ((error: unknown) => void) | undefined;
}

/** The claims of a token, or EventlineError as Authenticate says. */
export type Verify = (token: string) => Promise<JWTPayload>;

/**
 * Makes the check of a JWT (RFC 7519, with the advice of RFC 8725): the algorithms are ours to
 * choose, so `none` is never taken and no public key is used as a secret; `exp` must be there, since
 * a token without it could not be ended.
 *
 * @throws RangeError when the shared secret is too short
 */
export function createVerify({ keys, issuer, audience, onKeysFault }: VerifyOptions): Verify {
  const options: JWTVerifyOptions = {
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp'],
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  const check = 'secret' in keys ? withSecret(keys.secret) : withKeySet(keys.jwksUrl, onKeysFault);
  return async (token) => {
    try {
      return await check(token, options);
    } catch (error) {
      if (error instanceof EventlineError) throw error;
      throw new EventlineError('UNAUTHENTICATED', describe(error), { cause: error });
    }
  };
}

function withSecret(text: string) {
  const secret = new TextEncoder().encode(text);
  if (secret.length < MIN_SECRET_BYTES) {
    throw new RangeError(`the secret of tokens needs ${MIN_SECRET_BYTES} bytes or more`);
  }
  return async (token: string, options: JWTVerifyOptions) =>
    (await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })).payload;
}

function withKeySet(url: URL, onFault: VerifyOptions['onKeysFault']) {
  const keySet = createKeySet(url, onFault);
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
