/** The claims of a token, as far as a page can read them. Only the server verifies it. */
export interface TokenClaims {
  /** The user whose events it allows, if it names one. */
  user: string | undefined;
  scopes: readonly string[];
  expiresAt: Date | undefined;
  /** Identifies the sign-in, if the server gave the token to a person who has signed in. */
  signInId: string | undefined;
  /** Equal for two tokens of one bearer with the same rights. */
  bearer: string;
}

/** Claims that differ between two tokens of the same bearer. */
const OF_ONE_TOKEN = ['exp', 'iat', 'nbf', 'jti'];

/**
 * Reads the claims of a token (RFC 7519).
 *
 * @throws Error with a message for the person who pasted it
 */
export function readToken(token: string): TokenClaims {
  const [head, body, signature] = token.split('.');
  if (!head || !body || !signature) {
    throw new Error('This is not a token: a token has three parts, separated by dots.');
  }
  const claims = parse(body);
  if (!claims) throw new Error('This is not a token: its middle part cannot be read.');
  const { sub, scope, scp, exp } = claims;
  const listed = scope ?? scp;
  const scopes = Array.isArray(listed) ? listed.map(String) : String(listed ?? '').split(' ');
  const lasting = Object.entries(claims)
    .filter(([name]) => !OF_ONE_TOKEN.includes(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    user: typeof sub === 'string' ? sub : undefined,
    scopes: scopes.filter((name) => name !== ''),
    expiresAt: typeof exp === 'number' ? new Date(exp * 1_000) : undefined,
    signInId:
      parse(head)?.typ === 'eventline-session+jwt' ? String(claims.eventline_sign_in) : undefined,
    bearer: JSON.stringify(lasting),
  };
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const bytes = Uint8Array.from(
      atob(body.replaceAll('-', '+').replaceAll('_', '/')),
      (character) => character.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null
      ? (claims as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
