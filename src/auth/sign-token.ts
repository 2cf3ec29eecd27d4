import { SignJWT } from 'jose';

export interface TokenClaims {
  /** The user at the sender whose events are the token's own. */
  user?: string | undefined;
  /** Space-separated scopes. */
  scope?: string | undefined;
  issuer?: string | undefined;
  audience?: string | undefined;
  userClaim?: string | undefined;
}

/**
 * Signs a token with the shared secret (HS256).
 * @param expires a span such as `1h` or `30d` (jose's notation)
 */
export async function signToken(
  secret: string,
  claims: TokenClaims,
  expires: string,
): Promise<string> {
  const { user, scope, issuer, audience, userClaim = 'sub' } = claims;
  const token = new SignJWT({
    ...(user !== undefined && { [userClaim]: user }),
    ...(scope !== undefined && { scope }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(expires);
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}
