import { createSignal, type Signal } from '../data/create-signal.ts';
import { readToken, type TokenClaims } from './read-token.ts';

/** What a clock may be off without being noticed, in milliseconds: an answer may take that long, too. */
const CLOCK_MS = 10_000;
const KEPT = 'eventline:live-page:token';

export interface SessionState {
  /** Undefined: nobody is signed in. */
  token: string | undefined;
  claims: TokenClaims | undefined;
  /** Why the server does not take the token any more. */
  refusal: string | undefined;
  /** Another number for another bearer: what one was shown, the next must not see. */
  bearer: number;
}

/** Who looks at the page. */
export interface Session extends Signal<SessionState> {
  /** Where GraphQL is. */
  readonly endpoint: string;
  /**
   * @param pasted a token, with `Bearer` before it or not
   * @throws Error in words when it is none
   */
  signIn(pasted: string): void;
  signOut(): void;
  /** The server has refused this token. */
  refuse(token: string, reason: string): void;
  /** What the server's clock shows, in milliseconds since 1970: that of the browser may be off. */
  now(): number;
  /** The server has said what its clock shows, to the second. */
  setClock(serverMs: number): void;
  /** A token that is not known to be refused, now or when there is one. */
  usable(signal: AbortSignal): Promise<string>;
}

/** Where the token of this tab is kept until the tab is closed, through reloads. */
export type TokenStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Makes the session of a page. A token is in memory and in the tab's own storage, never in the
 * address, so that a shared view carries none.
 *
 * @param offered a development token, taken unless the tab has one
 */
export function createSession(
  endpoint: string,
  offered: string | undefined,
  store: TokenStore,
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
  const nobody = { token: undefined, claims: undefined, refusal: undefined, bearer: 0 };
  if (token === undefined) return nobody;
  try {
    return { ...nobody, token, claims: readToken(token) };
  } catch {
    return nobody;
  }
}
