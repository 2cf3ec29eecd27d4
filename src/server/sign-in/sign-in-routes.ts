import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { failureReason } from '../../auth/sign-in/failure-reason.ts';
import { createIdentityProvider, type Flow } from '../../auth/sign-in/identity-provider.ts';
import { createSessionTokens, type Session } from '../../auth/sign-in/session-tokens.ts';
import type { SignInSettings } from '../../config/sign-in-settings.ts';
import { EventlineError } from '../../errors.ts';
import { addressGroup } from '../../webhook/address-group.ts';
import { isAllowedOrigin, proxiedScheme } from '../http/allowed-origin.ts';
import { errorBody } from '../http/error-body.ts';
import { type Handler, onlyGet, onlyMethods, sendJson } from '../http/route-requests.ts';
import { refusalPage } from './refusal-page.ts';

/** Where a browser begins to sign in; `?from=graphiql` returns to GraphiQL. */
export const SIGN_IN = '/sign-in';
const CALLBACK = `${SIGN_IN}/callback`;
const TOKEN = `${SIGN_IN}/token`;
const END = `${SIGN_IN}/end`;

/** How long a browser may take at the provider. Unit: seconds. */
const FLOW_LIFETIME_S = 10 * 60;
/** After this time a person signs in again, since rights may have changed. Unit: seconds. */
const SESSION_LIFETIME_S = 12 * 3_600;

/** Exchanges of codes at once; the provider may lock out a client that asks too often. */
const MAX_EXCHANGES = 30;
/** Of one address, so that a client whose codes the provider is slow to refuse keeps no other out. */
const MAX_EXCHANGES_PER_ADDRESS = 10;
/** States that are remembered, so that each is used once. */
const MAX_USED_STATES = 10_000;

/** The cookies, by what they are for. */
type Purpose = 'sign-in' | 'session';

export interface SignInRoutesOptions {
  signIn: SignInSettings;
  /** Path of GraphiQL. */
  graphiql: string;
  logger: Logger;
}

/**
 * Returns the routes where people sign in for the live page and GraphiQL, by OpenID Connect. The
 * session is an encrypted cookie that scripts cannot read and that GraphQL does not accept: pages
 * exchange it for a token of some minutes.
 */
export function signInRoutes(options: SignInRoutesOptions): Record<string, Handler> {
  const { signIn, graphiql, logger } = options;
  const provider = createIdentityProvider(signIn);
  const tokens = createSessionTokens(signIn);
  const used = new LRUCache<string, true>({ max: MAX_USED_STATES, ttl: FLOW_LIFETIME_S * 1_000 });
  /** The addresses of pending exchanges. */
  const exchanging: string[] = [];

  async function setCookie(
    { request, response }: Exchange,
    purpose: Purpose,
    claims: object,
    lifetimeS: number,
  ): Promise<void> {
    const sealed = lifetimeS > 0 ? await tokens.seal(purpose, { ...claims }, lifetimeS) : '';
    const secure = originOf(request).protocol === 'https:';
    response.appendHeader(
      'Set-Cookie',
      stringifySetCookie({
        ...{ name: cookieName(purpose, secure), value: sealed, path: '/', maxAge: lifetimeS },
        ...{ httpOnly: true, secure },
        // The provider sends the browser back from another site.
        sameSite: purpose === 'sign-in' ? 'lax' : 'strict',
      }),
    );
  }

  async function readCookie(request: IncomingMessage, purpose: Purpose) {
    const secure = originOf(request).protocol === 'https:';
    const sealed = parseCookie(request.headers.cookie ?? '')[cookieName(purpose, secure)];
    return sealed ? tokens.open(purpose, sealed) : undefined;
  }

  /** Says in the browser why it is not signed in. The reason contains no value of the provider. */
  function refuse(exchange: Exchange, status: number, message: string, error?: unknown): void {
    const { requestId, response } = exchange;
    if (error !== undefined) {
      logger.warn({ requestId, reason: failureReason(error) }, 'a sign-in failed');
    }
    refusalPage(response, status, message, error === undefined ? undefined : requestId);
  }

  const begin: Handler = async (request, response, requestId) => {
    const exchange = { request, response, requestId };
    const from = new URL(request.url ?? '', originOf(request)).searchParams.get('from');
    try {
      const { location, flow } = await provider.begin(new URL(CALLBACK, originOf(request)).href);
      const returnTo = from === 'graphiql' ? graphiql : '/';
      await setCookie(exchange, 'sign-in', { ...flow, returnTo }, FLOW_LIFETIME_S);
      response.writeHead(302, { Location: location.href }).end();
    } catch (error) {
      refuse(exchange, 503, 'The sign-in service cannot be reached. Try again shortly.', error);
    }
  };

  const finish: Handler = async (request, response, requestId) => {
    const exchange = { request, response, requestId };
    const flow = await readCookie(request, 'sign-in');
    await setCookie(exchange, 'sign-in', {}, 0);
    const state = String(flow?.state);
    if (!flow || used.has(state)) {
      return refuse(exchange, 400, 'This sign-in took too long or was begun elsewhere.');
    }
    const address = addressGroup(request.socket.remoteAddress);
    const own = exchanging.filter((one) => one === address);
    if (exchanging.length >= MAX_EXCHANGES || own.length >= MAX_EXCHANGES_PER_ADDRESS) {
      return refuse(exchange, 503, 'Too many people are signing in at once. Try again shortly.');
    }
    used.set(state, true);
    let session: Session;
    exchanging.push(address);
    try {
      const returned = new URL(request.url ?? '', originOf(request));
      session = await provider.finish(returned, flow as unknown as Flow);
    } catch (error) {
      const why =
        error instanceof EventlineError ? error.message : 'The sign-in was not confirmed.';
      return refuse(exchange, 401, why, error);
    } finally {
      exchanging.splice(exchanging.indexOf(address), 1);
    }
    if (session.scopes.length === 0 && session.user === undefined) {
      const claim = signIn.scopeClaim ?? 'scope';
      const why = `Your account may see nothing here: its claim "${claim}" has no scope of Eventline.`;
      return refuse(exchange, 403, why);
    }
    await setCookie(exchange, 'session', { ...session }, SESSION_LIFETIME_S);
    response.writeHead(303, { Location: String(flow.returnTo) }).end();
  };

  const issue: Handler = async (request, response, requestId) => {
    const claims = await readCookie(request, 'session');
    if (claims) {
      const token = await tokens.issue(claims as unknown as Session);
      return sendJson(response, 200, { token });
    }
    sendJson(response, 401, errorBody('UNAUTHENTICATED', 'not signed in', requestId));
  };

  const end: Handler = async (request, response, requestId) => {
    await setCookie({ request, response, requestId }, 'session', {}, 0);
    response.writeHead(204).end();
  };

  return {
    [SIGN_IN]: onlyGet(begin),
    [CALLBACK]: onlyGet(finish),
    [TOKEN]: onlyOwnPages(issue),
    [END]: onlyOwnPages(end),
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
}

/** With the prefix, browsers refuse a cookie of another host or of plain HTTP (RFC 6265bis, 4.1.3.2). */
function cookieName(purpose: Purpose, secure: boolean): string {
  return `${secure ? '__Host-' : ''}eventline-${purpose}`;
}

/**
 * The origin of this server as the browser sees it. A forged one has no effect, since the provider
 * accepts registered addresses only.
 */
function originOf({ headers }: IncomingMessage): URL {
  const scheme = proxiedScheme(headers) === 'https' ? 'https' : 'http';
  return new URL(`${scheme}://${headers.host || 'localhost'}`);
}

/** Restricts a handler to POST requests from this server's own pages. */
function onlyOwnPages(handler: Handler): Handler {
  return onlyMethods(['POST'], (request, response, requestId) => {
    const { headers } = request;
    // Browsers send their origin with every POST.
    if (headers.origin === undefined || !isAllowedOrigin(headers, [])) {
      const message = 'only pages of this server may ask for a token';
      return sendJson(response, 403, errorBody('FORBIDDEN', message, requestId));
    }
    return handler(request, response, requestId);
  });
}
