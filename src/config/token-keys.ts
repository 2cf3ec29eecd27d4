/** The shortest secret for HS256: a shorter one can be guessed from one token (RFC 7518, 3.2). Unit: bytes. */
export const MIN_SECRET_BYTES = 32;

/** How tokens are signed: with a shared secret (HS256), or by an issuer that publishes its keys (JWKS). */
export type TokenKeys = { secret: string } | { jwksUrl: URL };
