import { createAuthenticate } from '../../../auth/authenticate.ts';
import { boundedFetch } from '../../../auth/bounded-fetch.ts';
import { signToken } from '../../../auth/sign-token.ts';
import type { Config } from '../../../config/config.ts';
import type { Finding } from '../../../config/finding.ts';

const TIMEOUT_MS = 5_000;

/** Checks whether tokens can be verified: with a token signed here, or with the published keys. */
export async function inspectTokens(config: Config): Promise<Finding[]> {
  const { tokenKeys } = config;
  if (tokenKeys === undefined) return [];
  return 'secrets' in tokenKeys
    ? [await ownToken(config, tokenKeys.secrets[0])]
    : [await publishedKeys(tokenKeys.jwksUrl), ...narrowing(config)];
}

async function ownToken(config: Config, secret: string): Promise<Finding> {
  const { authIssuer: issuer, authAudience: audience, authUserClaim: userClaim } = config;
  const token = await signToken(secret, { user: 'doctor', issuer, audience, userClaim }, '1m');
  const authenticate = createAuthenticate({
    keys: { secrets: [secret] },
    issuer,
    audience,
    userClaim,
  });
  await authenticate(`Bearer ${token}`);
  return { check: 'tokens', level: 'ok', says: 'a token signed with the secret is accepted' };
}

async function publishedKeys(url: URL): Promise<Finding> {
  const check = 'token keys';
  try {
    const response = await boundedFetch(url.href, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { keys } = (await response.json()) as { keys?: { kty?: string; kid?: string }[] };
    if (!response.ok || !Array.isArray(keys)) throw new Error(`answered ${response.status}`);
    const usable = keys.filter(({ kty }) => kty === 'RSA' || kty === 'EC' || kty === 'OKP');
    if (usable.length === 0) {
      const todo = 'AUTH_JWKS_URL must publish a public key (RSA, EC or OKP).';
      return { check, level: 'fail', says: 'no usable key is published', todo };
    }
    const says = `${usable.length} published`;
    if (url.protocol === 'https:') return { check, level: 'ok', says };
    const todo = 'Use https: on http the keys can be replaced in transit.';
    return { check, level: 'warn', says: `${says}, over http`, todo };
  } catch (error) {
    // The message of `fetch` itself is only "fetch failed".
    const { message } = ((error as Error).cause ?? error) as Error;
    const todo = 'Check AUTH_JWKS_URL, and that this machine reaches it.';
    return { check, level: 'fail', says: `cannot be fetched: ${message}`, todo };
  }
}

function narrowing({ authIssuer, authAudience }: Config): Finding[] {
  const missing = [
    ...(authIssuer === undefined ? ['AUTH_ISSUER'] : []),
    ...(authAudience === undefined ? ['AUTH_AUDIENCE'] : []),
  ];
  if (missing.length === 0) return [];
  return [
    {
      check: 'token issuer',
      level: 'warn',
      says: `${missing.join(' and ')} not set`,
      todo: 'The issuer may sign tokens for other services too: set which are meant for this one.',
    },
  ];
}
