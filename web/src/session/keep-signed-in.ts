import type { Session } from './create-session.ts';
import { endSignIn, fetchSessionToken } from './session-token.ts';

/** How long before its end a token is replaced, in milliseconds. */
const RENEW_BEFORE_MS = 60_000;
/** Minimum time between two renewals: each new token may seem to have ended, or be refused. */
const PAUSE_MS = 10_000;

/**
 * Signs the page in with the sign-in of this browser, if there is one, and replaces its tokens, which
 * last for minutes, as long as the sign-in lasts. A sign-out ends it for all pages.
 *
 * @param signIn the server's address for signing in
 */
export function keepSignedIn(session: Session, signIn: string): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let signInId: string | undefined;
  let renewedAtMs = Number.NEGATIVE_INFINITY;

  async function renew(): Promise<void> {
    renewedAtMs = performance.now();
    const before = session.current().token;
    const token = await fetchSessionToken(signIn);
    // Someone may have pasted a token or signed out meanwhile.
    if (token !== undefined && session.current().token === before) session.signIn(token);
  }

  function follow(): void {
    clearTimeout(timer);
    const { claims, refusal } = session.current();
    if (claims === undefined && signInId !== undefined) void endSignIn(signIn, signInId);
    signInId = claims?.signInId;
    if (signInId === undefined || !claims?.expiresAt) return;
    const leftMs = claims.expiresAt.getTime() - session.now();
    const wantedMs = refusal === undefined ? leftMs - RENEW_BEFORE_MS : 0;
    const pausedMs = renewedAtMs + PAUSE_MS - performance.now();
    timer = setTimeout(renew, Math.max(0, wantedMs, pausedMs));
  }

  session.subscribe(follow);
  follow();
  if (session.current().token === undefined) void renew();
}
