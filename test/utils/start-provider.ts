import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { onTestFinished } from 'vitest';

export const CLIENT_ID = 'eventline';
export const CLIENT_SECRET = 'a-client-secret-of-the-tests-of-forty-ch';

/** An OpenID Connect provider where everybody is signed in at once. */
export interface TestProvider {
  issuer: URL;
  /** The claims of the next person who signs in, beside `sub`. */
  person: Record<string, unknown>;
  /** Knows a server as its client, by the address to which it sends browsers back. */
  register(redirectUri: string): void;
  /** Answers every request with 500 while true. */
  isDown: boolean;
  /** Closes every connection without an answer while true. */
  isSilent: boolean;
  /** Publishes keys that have signed nothing while true. */
  hasOtherKeys: boolean;
  /** Where it says that browsers sign in; its own address by default. */
  authorizationEndpoint: string | undefined;
  /** Requests for a token so far. */
  exchanges: number;
  /** They get no answer until it resolves. */
  held: Promise<void> | undefined;
}

/** Starts a provider (the certified `oidc-provider`) until the test ends. */
export async function startProvider(): Promise<TestProvider> {
  let handle: RequestListener = (_, response) => void response.writeHead(503).end();
  const server = createServer(async (request, response) => {
    if (provider.isSilent) return void request.socket.destroy();
    if (provider.isDown) return void response.writeHead(500).end();
    if (request.url === '/token') {
      provider.exchanges += 1;
      await provider.held;
    }
    if (request.url === '/jwks' && provider.hasOtherKeys) {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      return void response.end('{"keys":[]}');
    }
    const { authorizationEndpoint } = provider;
    if (request.url === '/.well-known/openid-configuration' && authorizationEndpoint) {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const metadata = { issuer, authorization_endpoint: authorizationEndpoint };
      return void response.end(JSON.stringify(metadata));
    }
    handle(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: TestProvider = {
    issuer: new URL(issuer),
    person: {},
    isDown: false,
    isSilent: false,
    hasOtherKeys: false,
    authorizationEndpoint: undefined,
    exchanges: 0,
    held: undefined,
    register: (redirectUri) => {
      handle = createProvider(issuer, redirectUri, () => provider.person);
    },
  };
  return provider;
}

function createProvider(
  issuer: string,
  redirectUri: string,
  person: () => object,
): RequestListener {
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub', 'scope', 'roles', 'customer'] },
    // Claims are in the ID token, as this server needs them.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/people/${uid}` },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, ...person() }),
    }),
    cookies: { keys: ['a-key-of-the-tests'] },
  });
  const callback = provider.callback();
  return async (request, response) => {
    if (!request.url?.startsWith('/people/')) return void callback(request, response);
    // Nobody is asked: the person is signed in and agrees.
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      return provider.interactionFinished(request, response, { login: { accountId: 'anna' } });
    }
    const grant = new provider.Grant({
      accountId: session?.accountId ?? '',
      clientId: String(params.client_id),
    });
    grant.addOIDCScope('openid');
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(request, response, { consent });
  };
}
