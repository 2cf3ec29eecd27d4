import { EventlineError } from '../errors.ts';
import { createVerify, type VerifyOptions } from './create-verify.ts';
import { rememberTokens } from './remember-tokens.ts';
import { toViewer } from './to-viewer.ts';
import type { Viewer } from './viewer.ts';

/** Longer values cannot be a valid token and are refused unread. Unit: characters. */
const MAX_LENGTH = 8_192;

export interface AuthOptions extends VerifyOptions {
  /** The claim that holds the sender's user id; `sub` by default. */
  userClaim: string;
}

/**
 * Returns the viewer for the value of an Authorization header, or of its equal in
 * `connection_init`.
 * @throws EventlineError UNAUTHENTICATED, which names the fault and never quotes the token;
 * SERVICE_UNAVAILABLE when the key set cannot be fetched
 */
export type Authenticate = (authorization: unknown) => Promise<Viewer>;

/** Creates the authentication. Tokens are accepted in headers only, never in a URL. */
export function createAuthenticate({ userClaim, ...options }: AuthOptions): Authenticate {
  const verify = rememberTokens(createVerify(options));
  return async (authorization) => toViewer(await verify(bearerToken(authorization)), userClaim);
}

function bearerToken(authorization: unknown): string {
  if (authorization === undefined || authorization === null || authorization === '') {
    throw new EventlineError(
      'UNAUTHENTICATED',
      'Missing token: send Authorization: Bearer <JWT>, over WebSocket in the payload of connection_init or as a header of the upgrade.',
    );
  }
  const text = typeof authorization === 'string' ? authorization : '';
  const token = text.length > MAX_LENGTH ? null : /^Bearer +(\S+)$/i.exec(text.trim());
  if (!token?.[1]) {
    throw new EventlineError('UNAUTHENTICATED', 'The Authorization is not "Bearer <JWT>".');
  }
  return token[1];
}
