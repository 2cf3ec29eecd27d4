import { z } from 'zod';

/** An OpenID Connect provider where people sign in for the live page and GraphiQL. */
export interface SignInSettings {
  /** The provider; its configuration is at `/.well-known/openid-configuration` below it. */
  issuer: URL;
  clientId: string;
  clientSecret: string;
  /** The claim of the ID token with the scopes; undefined: `scope`, else `scp`. */
  scopeClaim: string | undefined;
  /** The claim with the user id at the sender; undefined: people see what their scopes allow. */
  userClaim: string | undefined;
}

export const signInVariables = {
  OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }),
  OIDC_CLIENT_ID: z.string(),
  // It also signs the tokens of those who have signed in.
  OIDC_CLIENT_SECRET: z.string().min(24, { error: 'needs 24 characters or more' }),
  OIDC_CLIENT_SECRET_FILE: z.string(),
  OIDC_SCOPE_CLAIM: z.string(),
};

/** They are needed together. */
const NAMES = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;

type Values = Readonly<
  Partial<
    Record<(typeof NAMES)[number] | 'OIDC_SCOPE_CLAIM' | 'AUTH_USER_CLAIM', string | undefined>
  >
>;

/** Returns the settings of the sign-in; undefined without them. */
export function signInSettings(values: Values): SignInSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret } = values;
  if (issuer === undefined || clientId === undefined || secret === undefined) return undefined;
  return {
    issuer: new URL(issuer),
    clientId,
    clientSecret: secret,
    scopeClaim: values.OIDC_SCOPE_CLAIM,
    // A provider's `sub` is an id of its own, so a claim must be named.
    userClaim: values.AUTH_USER_CLAIM === 'sub' ? undefined : values.AUTH_USER_CLAIM,
  };
}

/** Returns the faults of the given settings together. */
export function signInFaults(given: Record<string, string | undefined>): string[] {
  const faults: string[] = [];
  const missing = NAMES.filter((name) => given[name] === undefined);
  if (missing.length > 0 && missing.length < NAMES.length) {
    const present = NAMES.filter((name) => given[name] !== undefined);
    faults.push(`${missing.join(' and ')}: also needed, beside ${present.join(' and ')}`);
  }
  const isPlain = given.OIDC_ISSUER?.startsWith('http:');
  if (isPlain && given.NODE_ENV === 'production') {
    faults.push('OIDC_ISSUER: must be an https URL, since NODE_ENV is production');
  }
  return faults;
}
