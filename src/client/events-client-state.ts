/** Transport of a subscription. */
export type Transport = 'websocket' | 'sse';

/**
 * State of a subscription:
 * - `connecting`: gets a token, the start cursor and a connection
 * - `replaying`: reads what was in the log before it connected
 * - `live`: has caught up; events arrive as they happen
 * - `waiting`: retries after `delayMs`, because of `cause`
 * - `closed`: has ended, or has not started
 */
export type EventsClientState =
  | { readonly status: 'connecting' }
  | { readonly status: 'replaying'; readonly transport: Transport }
  | { readonly status: 'live'; readonly transport: Transport }
  | { readonly status: 'waiting'; readonly delayMs: number; readonly cause: unknown }
  | { readonly status: 'closed' };

export const CLOSED: EventsClientState = { status: 'closed' };

const fromWorst = ['waiting', 'connecting', 'replaying', 'live', 'closed'] as const;

/** Returns the state of the subscription that is farthest from live. */
export function worstOf(states: Iterable<EventsClientState>): EventsClientState {
  let worst = CLOSED;
  for (const state of states) {
    if (fromWorst.indexOf(state.status) < fromWorst.indexOf(worst.status)) worst = state;
  }
  return worst;
}
