/** How a subscription is connected. */
export type Transport = 'websocket' | 'sse';

/**
 * Where a subscription stands:
 * - `connecting`: asks for a token, its place and a connection
 * - `replaying`: takes what was in the log before it connected
 * - `live`: has taken it; events come as they happen
 * - `waiting`: tries again after `delayMs`, because of `cause`
 * - `closed`: has ended, or was not started yet
 */
export type EventsClientState =
  | { readonly status: 'connecting' }
  | { readonly status: 'replaying'; readonly transport: Transport }
  | { readonly status: 'live'; readonly transport: Transport }
  | { readonly status: 'waiting'; readonly delayMs: number; readonly cause: unknown }
  | { readonly status: 'closed' };

export const CLOSED: EventsClientState = { status: 'closed' };

const fromWorst = ['waiting', 'connecting', 'replaying', 'live', 'closed'] as const;

/** One state for many subscriptions: that of the one which is farthest from live. */
export function worstOf(states: Iterable<EventsClientState>): EventsClientState {
  let worst = CLOSED;
  for (const state of states) {
    if (fromWorst.indexOf(state.status) < fromWorst.indexOf(worst.status)) worst = state;
  }
  return worst;
}
