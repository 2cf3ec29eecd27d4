import type { TextStore } from '../data/browser-storage.ts';
import { createSignal, type Signal } from '../data/create-signal.ts';
import { readToken, type TokenClaims } from './read-token.ts';

/** Clock difference that is ignored, in milliseconds: a response may take as long. */
const CLOCK_MS = 10_000;
const KEPT = 'eventline:live-page:token';

export interface SessionState {
  /** Undefined when signed out. */
  token: string | undefined;
  claims: TokenClaims | undefined;
  /** Why the server refuses the token. */
  refusal: string | undefined;
  /** Changes with the bearer, so that one never sees what another was shown. */
  bearer: number;
}

/** The user of the page. */
export interface Session extends Signal<SessionState> {
  /** The GraphQL endpoint. */
  readonly endpoint: string;
  /**
   * @param pasted a token, with or without `Bearer`
   * @throws Error with a readable message when it is not a token
   */
  signIn(pasted: string): void;
  signOut(): void;
  /** The page starts without this token when it is loaded again, such as after a sign-in elsewhere. */
  forget(): void;
  /** Reports that the server refused this token. */
  refuse(token: string, reason: string): void;
  /** The server's clock in milliseconds since 1970, since the browser's may be wrong. */
  now(): number;
  /** Reports the server's clock, to the second. */
  setClock(serverMs: number): void;
  /** Resolves with a token that was not refused, now or after a sign-in. */
  usable(signal: AbortSignal): Promise<string>;
}

/**
 * Creates the session of a page. A token is in memory and in the tab's storage, never in the
 * address, so a shared link contains none.
 *
 * @param offered a development token, used unless the tab has one
 */
export function createSession(
  endpoint: string,
  offered: string | undefined,
  store: TextStore,
): Session {
  const state = createSignal<SessionState>(startOf(store.getItem(KEPT) ?? offered));
  let aheadMs = 0;

  return {
    endpoint,
    subscribe: state.subscribe,
    current: state.current,
    signIn(pasted) {
      const token = pasted.trim().replace(/^Bearer\s+/i, '');
      const claims = readToken(token);
      const before = state.current();
      const isSame = before.claims?.bearer === claims.bearer;
      store.setItem(KEPT, token);
      state.set({ token, claims, refusal: undefined, bearer: before.bearer + (isSame ? 0 : 1) });
    },
    signOut() {
      store.removeItem(KEPT);
      const { bearer } = state.current();
      state.set({ token: undefined, claims: undefined, refusal: undefined, bearer: bearer + 1 });
    },
    forget: () => store.removeItem(KEPT),
    refuse(token, reason) {
      const now = state.current();
      if (now.token === token && now.refusal === undefined) {
        state.set({ ...now, refusal: reason });
      }
    },
    now: () => Date.now() + aheadMs,
    setClock(serverMs) {
      const differsMs = serverMs - Date.now();
      aheadMs = Math.abs(differsMs) > CLOCK_MS ? differsMs : 0;
    },
    usable: (signal) =>
      state.until(({ token, refusal }) => (refusal === undefined ? token : undefined), signal),
  };
}

function startOf(token: string | undefined): SessionState {
  const signedOut = { token: undefined, claims: undefined, refusal: undefined, bearer: 0 };
  if (token === undefined) return signedOut;
  try {
    return { ...signedOut, token, claims: readToken(token) };
  } catch {
    return signedOut;
  }
}
