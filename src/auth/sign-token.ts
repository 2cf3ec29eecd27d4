import { SignJWT } from 'jose';

export interface TokenClaims {
  /** The sender's user id to which the token restricts its bearer. */
  user?: string | undefined;
  /** Space-separated scopes. */
  scope?: string | undefined;
  issuer?: string | undefined;
  audience?: string | undefined;
  userClaim?: string | undefined;
}

/**
 * Signs a token with the shared secret (HS256).
 * @param expires lifetime in jose's notation, such as `1h` or `30d`
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
