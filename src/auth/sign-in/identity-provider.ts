import { randomUUID } from 'node:crypto';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { SignInSettings } from '../../config/sign-in-settings.ts';
import { boundedFetch } from '../bounded-fetch.ts';
import { readScopes, readUser } from '../to-viewer.ts';
import { scopes as known } from '../viewer.ts';
import type { Session } from './session-tokens.ts';

/** How long the provider may take for an answer. Unit: seconds. */
const TIMEOUT_S = 10;
/** Age at which the provider's configuration is fetched again: it may move, or be corrected. */
const MAX_AGE_MS = 10 * 60_000;
/** How long an older one is used while no new one can be fetched. */
const MAX_STALE_MS = 24 * 3_600_000;
/** Minimum time between two fetches while there is one. */
const COOLDOWN_MS = 30_000;

/** What proves, when the browser comes back, that this server sent it there. */
export interface Flow {
  state: string;
  nonce: string;
  codeVerifier: string;
}

export interface IdentityProvider {
  /** Returns where the browser signs in, and what to remember until it comes back. */
  begin(redirectUri: string): Promise<{ location: URL; flow: Flow }>;
  /**
   * Exchanges the code of the address for an ID token and returns its rights.
   * @throws errors of openid-client; EventlineError UNAUTHENTICATED when a claim has another type
   */
  finish(returned: URL, flow: Flow): Promise<Session>;
}

/**
 * Creates the client of an OpenID Connect provider: the code flow with PKCE (RFC 7636), `state` and
 * `nonce`. The provider's configuration is fetched at the first sign-in, after 10 minutes, and again
 * after a failure. While a fetch fails, an older one is used for up to a day.
 */
export function createIdentityProvider(options: SignInSettings): IdentityProvider {
  let found: { config: Configuration; foundAtMs: number } | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<Configuration> | undefined;

  async function find(): Promise<Configuration> {
    askedAtMs = Date.now();
    const config = await findProvider(options);
    found = { config, foundAtMs: Date.now() };
    return config;
  }

  async function configuration(): Promise<Configuration> {
    const nowMs = Date.now();
    const usable = found && nowMs < found.foundAtMs + MAX_STALE_MS ? found : undefined;
    const isRecent = usable && nowMs < usable.foundAtMs + MAX_AGE_MS;
    if (isRecent || (usable && !asking && nowMs < askedAtMs + COOLDOWN_MS)) return usable.config;
    asking ??= find().finally(() => {
      asking = undefined;
    });
    return asking.catch((error) => {
      if (usable) return usable.config;
      throw error;
    });
  }

  return {
    async begin(redirectUri) {
      const config = await configuration();
      const flow = {
        state: randomState(),
        nonce: randomNonce(),
        codeVerifier: randomPKCECodeVerifier(),
      };
      const location = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await calculatePKCECodeChallenge(flow.codeVerifier),
        code_challenge_method: 'S256',
      });
      return { location, flow };
    },
    async finish(returned, { state, nonce, codeVerifier }) {
      const tokens = await authorizationCodeGrant(await configuration(), returned, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims() ?? {};
      const given = readScopes(claims, options.scopeClaim);
      return {
        user: options.userClaim && (readUser(claims, options.userClaim) ?? undefined),
        scopes: Object.values(known).filter((scope) => given.includes(scope)),
        id: randomUUID(),
      };
    },
  };
}

/** Fetches the provider's configuration. @throws errors of openid-client */
export async function findProvider({
  issuer,
  clientId,
  clientSecret,
}: SignInSettings): Promise<Configuration> {
  // A provider in plain HTTP is accepted by the configuration in development only.
  const isPlain = issuer.protocol === 'http:';
  const found = await discovery(issuer, clientId, undefined, None(), {
    timeout: TIMEOUT_S,
    [customFetch]: boundedFetch,
    ...(isPlain && { execute: [allowInsecureRequests] }),
  });
  const metadata = found.serverMetadata();
  // OpenID Connect Discovery 1.0, 3: `client_secret_basic` where nothing is said.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const authentication = methods.includes('client_secret_basic')
    ? ClientSecretBasic(clientSecret)
    : ClientSecretPost(clientSecret);
  const config = new Configuration(metadata, clientId, undefined, authentication);
  config.timeout = TIMEOUT_S;
  config[customFetch] = boundedFetch;
  // Otherwise the ID token would be trusted because of TLS, which a plain provider has not.
  enableNonRepudiationChecks(config);
  if (isPlain) allowInsecureRequests(config);
  return config;
}
