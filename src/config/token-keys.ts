/**
 * The shortest secret for HS256, in bytes: a shorter one can be guessed from one token (RFC 7518,
 * 3.2).
 */
export const MIN_SECRET_BYTES = 32;

/**
 * How tokens are signed: with one of the shared secrets (HS256), or by an issuer that publishes its
 * keys (JWKS). New tokens are signed with the first secret.
 */
export type TokenKeys = { secrets: readonly [string, ...string[]] } | { jwksUrl: URL };

/** Returns how tokens are signed; undefined where neither setting is given. */
export function readTokenKeys(
  [first, ...others]: readonly string[] = [],
  jwksUrl: string | undefined,
): TokenKeys | undefined {
  if (first !== undefined) return { secrets: [first, ...others] };
  return jwksUrl === undefined ? undefined : { jwksUrl: new URL(jwksUrl) };
}
