import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSession, type Session } from '../../web/src/session/create-session.ts';
import { keepSignedIn } from '../../web/src/session/keep-signed-in.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The tokens of a sign-in. */
const LIFETIME_MS = 10 * MINUTE;
const SERVER_START_MS = Date.UTC(2026, 0, 1);

/** When tokens were requested, in milliseconds since the page was opened. */
let requestedMs: number[];
let serverNow: () => number;
/** Requests that end the sign-in, so far; they fail while the server cannot be reached. */
let ends: number;
let isReachable: boolean;
beforeEach(() => {
  vi.useFakeTimers();
  requestedMs = [];
  ends = 0;
  isReachable = true;
  const openedMs = performance.now();
  const sinceOpenedMs = () => performance.now() - openedMs;
  serverNow = () => SERVER_START_MS + sinceOpenedMs();
  vi.stubGlobal('fetch', async (url: string) => {
    if (!isReachable) throw new TypeError('fetch failed');
    if (url.endsWith('/end')) {
      ends += 1;
      return new Response(null, { status: 204 });
    }
    requestedMs.push(sinceOpenedMs());
    return Response.json({ token: tokenUntil(serverNow() + LIFETIME_MS) });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The sign-in that the browser's cookie is of. */
let signInId = 'first';

function tokenUntil(expiresAtMs: number): string {
  const head = { alg: 'HS256', typ: 'eventline-session+jwt' };
  const body = {
    scope: 'events:read',
    eventline_sign_in: signInId,
    exp: Math.floor(expiresAtMs / SECOND),
  };
  const parts = [head, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...parts, 'signature'].join('.');
}

/** Opens a page in a browser whose clock differs from the server's. */
async function open(aheadMs: number): Promise<Session> {
  vi.setSystemTime(SERVER_START_MS + aheadMs);
  const texts = new Map<string, string>();
  const session = createSession('http://server/graphql', undefined, {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  });
  keepSignedIn(session, 'http://server/sign-in');
  await vi.advanceTimersByTimeAsync(0);
  return session;
}

/** What every answer of the server does. */
const hearServer = (session: Session) => session.setClock(serverNow());

function refuse(session: Session): void {
  const { token } = session.current();
  session.refuse(token ?? '', 'The token has expired.');
}

const pauses = () => requestedMs.slice(1).map((ms, index) => ms - (requestedMs[index] ?? 0));

test.each([
  ['right', 0],
  ['ahead', 10 * MINUTE],
  ['behind', -10 * MINUTE],
])('once the server was heard, a clock that is %s does not matter', async (_, aheadMs) => {
  const session = await open(aheadMs);
  hearServer(session);
  // The first token may seem to have ended, or to last for longer.
  await vi.advanceTimersByTimeAsync(LIFETIME_MS);
  refuse(session);
  await vi.advanceTimersByTimeAsync(30 * MINUTE);
  expect(pauses().slice(-3)).toEqual(Array.from({ length: 3 }, () => LIFETIME_MS - MINUTE));
});

test('with a clock that is ahead and a server that is not heard, tokens are 10 s apart', async () => {
  await open(10 * MINUTE);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(pauses()).toEqual(Array.from({ length: 6 }, () => 10 * SECOND));
});

test('with a clock that is behind, a token that has ended is replaced when it is refused', async () => {
  const session = await open(-10 * MINUTE);
  await vi.advanceTimersByTimeAsync(LIFETIME_MS);
  expect(requestedMs).toEqual([0]);
  const { token } = session.current();
  refuse(session);
  await vi.advanceTimersByTimeAsync(0);
  expect(requestedMs).toEqual([0, LIFETIME_MS]);
  expect(session.current()).toMatchObject({ refusal: undefined });
  expect(session.current().token).not.toBe(token);
});

test('while the server refuses every token, they are 10 s apart', async () => {
  const session = await open(0);
  const stop = session.subscribe(() => {
    if (session.current().refusal === undefined) queueMicrotask(() => refuse(session));
  });
  refuse(session);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(pauses()).toEqual(Array.from({ length: 6 }, () => 10 * SECOND));
  stop();
});

test('a sign-out that does not reach the server holds, and is completed later', async () => {
  const session = await open(0);
  expect(session.current().claims).toMatchObject({ signInId: 'first' });
  isReachable = false;
  session.signOut();
  await vi.advanceTimersByTimeAsync(0);
  isReachable = true;
  const next = await open(0);
  expect(next.current().token).toBeUndefined();
  expect(ends).toBe(1);
  signInId = 'second';
  expect((await open(0)).current().claims).toMatchObject({ signInId: 'second' });
});
