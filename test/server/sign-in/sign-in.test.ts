import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type AuthOptions, createAuthenticate } from '../../../src/auth/authenticate.ts';
import { completeLimits } from '../../../src/config/limits.ts';
import type { SignInSettings } from '../../../src/config/sign-in-settings.ts';
import { createViewerLimits } from '../../../src/server/graphql/viewer-limits.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../../utils/server.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  startProvider,
  type TestProvider,
} from '../../utils/start-provider.ts';
import { createBrowser } from './browse.ts';

let provider: TestProvider;
beforeEach(async () => {
  provider = await startProvider();
});

function authOf(settings: Partial<SignInSettings> = {}): AuthOptions {
  const signIn = {
    issuer: provider.issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    scopeClaim: undefined,
    userClaim: undefined,
    ...settings,
  };
  return { keys: { secrets: [JWT_SECRET] }, userClaim: signIn.userClaim ?? 'sub', signIn };
}

async function start(settings: Partial<SignInSettings> = {}): Promise<TestServer> {
  const auth = authOf(settings);
  const server = await startTestServer({ auth });
  onTestFinished(server.close);
  provider.register(`${server.url}/sign-in/callback`);
  return server;
}

async function tokenOf(server: TestServer, browser = createBrowser()): Promise<string> {
  const graphiql = `${server.url}/graphql`;
  const visit = await browser.open(`${server.url}/sign-in?from=graphiql`, graphiql);
  expect(visit).toEqual({ url: graphiql, status: 0, text: '' });
  const answer = await browser.post(`${server.url}/sign-in/token`);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text).token;
}

const countEvents = 'query { events(first: 1) { nodes { userId payload } } }';

test('a person signs in and reads what their scopes allow', async () => {
  const server = await start();
  await server.post('message_sent', { user_id: '1A' });
  provider.person = { scope: 'openid events:read something-else' };
  const token = await tokenOf(server);
  const { body } = await server.query(countEvents, {}, token);
  expect(body.data.events.nodes).toEqual([expect.objectContaining({ userId: '1A' })]);
  expect(decodeJwt(token)).toEqual({
    scope: 'events:read',
    eventline_sign_in: expect.any(String),
    iat: expect.any(Number),
    exp: expect.any(Number),
  });
});

test('all tokens of a sign-in share its limits, and those of two sign-ins do not', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const server = await start();
  provider.person = { scope: 'events:read' };
  const browser = createBrowser();
  const first = await tokenOf(server, browser);
  const other = await tokenOf(server);
  vi.advanceTimersByTime(2_000);
  const { text } = await browser.post(`${server.url}/sign-in/token`);
  const second: string = JSON.parse(text).token;
  expect(second).not.toBe(first);
  const viewers = createViewerLimits(completeLimits({ maxSubscriptionsPerViewer: 1 }));
  const authenticate = viewers.identify(createAuthenticate(authOf()));
  const subscribe = async (token: string) =>
    viewers.subscribe(await authenticate(`Bearer ${token}`));
  await subscribe(first);
  await expect(subscribe(second)).rejects.toThrow('A viewer may have');
  await subscribe(other);
});

describe('the rights of a person', () => {
  test('come from the claim of the setting', async () => {
    const server = await start({ scopeClaim: 'roles' });
    provider.person = { scope: 'events:admin', roles: ['events:read', 'pii:read'] };
    expect(decodeJwt(await tokenOf(server)).scope).toBe('events:read pii:read');
  });

  test('are those of the user in the claim of the setting', async () => {
    const server = await start({ userClaim: 'customer' });
    provider.person = { customer: '1A' };
    const token = await tokenOf(server);
    await server.post('message_sent', { user_id: '1A' });
    await server.post('message_sent', { user_id: '2B' });
    const { body } = await server.query('{ events(first: 9) { nodes { userId } } }', {}, token);
    expect(body.data.events.nodes).toEqual([{ userId: '1A' }]);
  });

  test.each([
    ['without a scope', {}, 403, 'claim &quot;scope&quot; has no scope'],
    ['with scopes of others', { scope: 'openid admin' }, 403, 'has no scope of Eventline'],
    ['with a number as scope', { scope: 5 }, 401, 'is invalid: expected'],
  ])('a person %s is told why they see nothing', async (_, person, status, said) => {
    const server = await start();
    provider.person = person;
    const browser = createBrowser();
    const visit = await browser.open(`${server.url}/sign-in`);
    expect(visit.status).toBe(status);
    expect(visit.text.replaceAll('"', '&quot;')).toContain(said);
    expect((await browser.post(`${server.url}/sign-in/token`)).status).toBe(401);
  });
});

/** Begins a sign-in; the returned function ends it with a code and resolves to the status. */
async function beginToGuess({ url }: TestServer) {
  const begun = await fetch(`${url}/sign-in`, { redirect: 'manual' });
  const [cookie = ''] = begun.headers.getSetCookie()[0]?.split(';', 1) ?? [];
  const own = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
  return async (code: string, localAddress = '127.0.0.1'): Promise<number | undefined> => {
    const search = new URLSearchParams({ code, state: own, iss: provider.issuer.origin });
    const asked = get(`${url}/sign-in/callback?${search}`, {
      ...{ localAddress, headers: { Cookie: cookie } },
    });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  };
}

describe('a sign-in is refused', () => {
  test('in another browser than the one that began it', async () => {
    const server = await start();
    provider.person = { scope: 'events:read' };
    const { url } = await createBrowser().open(
      `${server.url}/sign-in`,
      `${server.url}/sign-in/callback`,
    );
    const visit = await createBrowser().open(url);
    expect(visit).toMatchObject({ status: 400, text: expect.stringContaining('begun elsewhere') });
  });

  test.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'x')],
    ['another code', (url: URL) => url.searchParams.set('code', 'x')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://issuer.example')],
    ['no code', (url: URL) => url.searchParams.delete('code')],
    ['an error', (url: URL) => url.searchParams.set('error', 'access_denied')],
  ])('with %s, and the log has no value of the address', async (_, change) => {
    const server = await start();
    provider.person = { scope: 'events:read' };
    const browser = createBrowser();
    const { url } = await browser.open(`${server.url}/sign-in`, `${server.url}/sign-in/callback`);
    const returned = new URL(url);
    const code = returned.searchParams.get('code');
    change(returned);
    const visit = await browser.open(returned.href);
    expect(visit).toMatchObject({ status: 401, text: expect.stringContaining('not confirmed') });
    expect((await browser.post(`${server.url}/sign-in/token`)).status).toBe(401);
    const log = server.logLines.join('');
    expect(log).toContain('a sign-in failed');
    expect(log).not.toContain(code);
  });

  test('with an ID token that no published key has signed', async () => {
    const server = await start();
    provider.person = { scope: 'events:read' };
    provider.hasOtherKeys = true;
    const visit = await createBrowser().open(`${server.url}/sign-in`);
    expect(visit).toMatchObject({ status: 401, text: expect.stringContaining('not confirmed') });
  });

  test('with a second guess of the code, without asking the provider', async () => {
    const guess = await beginToGuess(await start());
    const statuses = [await guess('guess-1'), await guess('guess-2'), await guess('guess-3')];
    expect(statuses).toEqual([401, 400, 400]);
    expect(provider.exchanges).toBe(1);
  });

  test('beyond ten of one address that wait for the provider, but not of another address', async () => {
    const server = await start();
    const guesses = await Promise.all(Array.from({ length: 12 }, () => beginToGuess(server)));
    let release = () => {};
    provider.held = new Promise((resolve) => {
      release = resolve;
    });
    const [eleventh, elsewhere, ...ten] = guesses;
    const waiting = ten.map((guess) => guess('x'));
    await vi.waitFor(() => expect(provider.exchanges).toBe(10));
    expect(await eleventh?.('x')).toBe(503);
    const other = elsewhere?.('x', '127.0.0.2');
    await vi.waitFor(() => expect(provider.exchanges).toBe(11));
    release();
    expect(await Promise.all([...waiting, other])).toEqual(Array(11).fill(401));
  });

  test('with an answer of the provider above 1 MiB', async () => {
    const server = await start();
    provider.person = { scope: 'events:read', roles: 'x'.repeat(2 ** 20) };
    const visit = await createBrowser().open(`${server.url}/sign-in`);
    expect(visit).toMatchObject({ status: 401, text: expect.stringContaining('not confirmed') });
  });

  test('with another client secret than the provider knows; the log says so', async () => {
    const server = await start({ clientSecret: 'x'.repeat(40) });
    const { text } = await createBrowser().open(`${server.url}/sign-in`);
    const line = JSON.parse(server.logLines.find((it) => it.includes('a sign-in failed')) ?? '');
    expect(line.reason).toBe('OAUTH_WWW_AUTHENTICATE_CHALLENGE: invalid_client');
    expect(text).toContain(`under the id ${line.requestId}.`);
  });

  test('where the provider does not answer; the log says so', async () => {
    const server = await start();
    provider.isSilent = true;
    expect((await createBrowser().open(`${server.url}/sign-in`)).status).toBe(503);
    expect(server.logLines.join()).toContain('"reason":"UND_ERR_SOCKET"');
  });

  test('a second time with the same answer', async () => {
    const server = await start();
    provider.person = { scope: 'events:read' };
    const browser = createBrowser();
    const { url } = await browser.open(`${server.url}/sign-in`, `${server.url}/sign-in/callback`);
    expect((await browser.open(url)).status).not.toBe(400);
    expect((await browser.open(url)).status).toBe(400);
  });

  test('while the provider is away; it works again afterwards', async () => {
    const server = await start();
    provider.person = { scope: 'events:read' };
    provider.isDown = true;
    const visit = await createBrowser().open(`${server.url}/sign-in`);
    expect(visit).toMatchObject({
      status: 503,
      text: expect.stringContaining('cannot be reached'),
    });
    provider.isDown = false;
    await tokenOf(server);
  });
});

test('the configuration of the provider is fetched again after 10 minutes', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const server = await start();
  const leadsTo = async () => {
    const { headers } = await fetch(`${server.url}/sign-in`, { redirect: 'manual' });
    return headers.get('location')?.split('?')[0];
  };
  const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
  const before = await leadsTo();
  const moved = 'https://accounts.example/auth';
  provider.authorizationEndpoint = moved;
  expect(await leadsTo()).toBe(before);
  provider.isDown = true;
  pass(10 * 60_000);
  expect(await leadsTo()).toBe(before);
  provider.isDown = false;
  // Not asked again at once, whatever number of people sign in.
  expect(await leadsTo()).toBe(before);
  pass(30_000);
  expect(await leadsTo()).toBe(moved);
  provider.isDown = true;
  pass(24 * 3_600_000);
  expect(await leadsTo()).toBeUndefined();
});

describe('the session', () => {
  test('ends with the sign-out, in all pages', async () => {
    const server = await start();
    provider.person = { scope: 'events:read' };
    const browser = createBrowser();
    await tokenOf(server, browser);
    expect((await browser.post(`${server.url}/sign-in/end`)).status).toBe(204);
    expect((await browser.post(`${server.url}/sign-in/token`)).status).toBe(401);
  });

  test.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['a sandboxed frame', { Origin: 'null' }],
    ['https behind a proxy, to http', { 'X-Forwarded-Proto': 'https' }],
  ])('gives no token to %s', async (_, headers) => {
    const server = await start();
    provider.person = { scope: 'events:read' };
    const browser = createBrowser();
    await tokenOf(server, browser);
    expect((await browser.post(`${server.url}/sign-in/token`, headers)).status).toBe(403);
  });

  test('is a cookie that scripts cannot read and that GraphQL does not accept', async () => {
    const server = await start();
    provider.person = { scope: 'events:read' };
    const browser = createBrowser();
    await tokenOf(server, browser);
    for (const attribute of ['HttpOnly', 'Path=/', 'SameSite=Strict']) {
      expect(browser.cookies.get('eventline-session')).toContain(attribute);
    }
    const answer = await browser.post(`${server.url}/graphql`, {
      'Content-Type': 'application/json',
    });
    expect(answer.status).toBe(401);
  });

  test('is bound to https behind a proxy that ends TLS', async () => {
    const server = await start();
    provider.register(`${server.url.replace('http:', 'https:')}/sign-in/callback`);
    const browser = createBrowser();
    browser.headers = { 'X-Forwarded-Proto': 'https' };
    await browser.open(`${server.url}/sign-in`, `${provider.issuer.href}auth`);
    expect(browser.cookies.get('__Host-eventline-sign-in')).toMatch(/Secure.*SameSite=Lax/);
  });
});

test('a token of a sign-in with another client secret is refused', async () => {
  const server = await start();
  provider.person = { scope: 'events:read' };
  const other = await startTestServer({
    mongodbUri: server.mongodbUri,
    auth: {
      keys: { secrets: [JWT_SECRET] },
      userClaim: 'sub',
      signIn: {
        ...{ issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: 'x'.repeat(40) },
        ...{ scopeClaim: undefined, userClaim: undefined },
      },
    },
  });
  onTestFinished(other.close);
  expect((await other.query(countEvents, {}, await tokenOf(server))).status).toBe(401);
});

test('without a provider there are no such addresses', async () => {
  const server = await startTestServer();
  onTestFinished(server.close);
  for (const path of ['/sign-in', '/sign-in/callback', '/sign-in/token', '/sign-in/end']) {
    expect((await createBrowser().open(server.url + path)).status).toBe(404);
  }
});
