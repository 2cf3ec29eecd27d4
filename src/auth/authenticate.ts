import {
  createRemoteJWKSet,
  errors,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { EventlineError } from '../errors.ts';
import type { Viewer } from './viewer.ts';

/** How far clocks may differ, in seconds. */
const CLOCK_TOLERANCE_S = 5;
/** A longer text is no token of ours, and is not worth decoding. Unit: characters. */
const MAX_TOKEN_LENGTH = 8_192;

/** Signed with a shared secret (HS256), or by somebody who publishes their keys (JWKS). */
export type TokenKeys = { secret: string } | { jwksUrl: URL };

export interface AuthOptions {
  keys: TokenKeys;
  issuer?: string | undefined;
  audience?: string | undefined;
  /** The claim that names the user at the sender; `sub` unless told otherwise. */
  userClaim: string;
}

/**
 * Who reads, from the value of an Authorization header (or its equal in `connection_init`).
 * @throws EventlineError UNAUTHENTICATED that says what is wrong with it, never what it holds;
 *   SERVICE_UNAVAILABLE when the key set cannot be had
 */
export type Authenticate = (authorization: unknown) => Promise<Viewer>;

/** Makes the check of tokens: JWTs (RFC 7519) with pinned algorithms, so `none` is never taken. */
export function createAuthenticate(options: AuthOptions): Authenticate {
  const { keys, issuer, audience, userClaim } = options;
  const claims: JWTVerifyOptions = {
    clockTolerance: CLOCK_TOLERANCE_S,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  const verify = createVerify(keys, claims);

  return async (authorization) => {
    const token = bearerToken(authorization);
    const payload = await verify(token).catch((error: unknown) => {
      if (error instanceof EventlineError) throw error;
      throw new EventlineError('UNAUTHENTICATED', describe(error), { cause: error });
    });
    const userId = payload[userClaim];
    const { scope } = payload;
    return {
      userId: typeof userId === 'string' && userId !== '' ? userId : null,
      scopes: new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []),
    };
  };
}

function createVerify(keys: TokenKeys, claims: JWTVerifyOptions) {
  if ('secret' in keys) {
    const secret = new TextEncoder().encode(keys.secret);
    return async (token: string) =>
      (await jwtVerify(token, secret, { ...claims, algorithms: ['HS256'] })).payload;
  }
  const keySet = createRemoteJWKSet(keys.jwksUrl);
  // Only "there is no such key" speaks against the token; for the rest its owner is not to blame.
  const findKey: JWTVerifyGetKey = (header, token) =>
    keySet(header, token).catch((error: unknown) => {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      if (error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new EventlineError(
        'SERVICE_UNAVAILABLE',
        'The keys that sign tokens cannot be reached at the moment. Try again shortly.',
        { cause: error },
      );
    });
  const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];
  return async (token: string) =>
    (await jwtVerify(token, findKey, { ...claims, algorithms })).payload;
}

function bearerToken(authorization: unknown): string {
  if (authorization === undefined || authorization === null || authorization === '') {
    throw new EventlineError(
      'UNAUTHENTICATED',
      'A token is needed: Authorization: Bearer <JWT>, over WebSocket in the payload of connection_init.',
    );
  }
  const text = typeof authorization === 'string' ? authorization : '';
  const token = /^Bearer +(\S+)$/i.exec(text.trim());
  if (!token?.[1] || token[1].length > MAX_TOKEN_LENGTH) {
    throw new EventlineError('UNAUTHENTICATED', 'The Authorization is not "Bearer <JWT>".');
  }
  return token[1];
}

function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The token's claim "${error.claim}" is not accepted here.`;
  }
  return 'The token is not valid here: it is not signed with a key of this server.';
}
