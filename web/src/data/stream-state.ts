import type { EventsClientState } from '../../../src/client/events-client-state.ts';

/** State of a part of the page: that of the client, or why no client runs. */
export type StreamState =
  | EventsClientState
  | { readonly status: 'loading' }
  | { readonly status: 'signed-out' }
  | { readonly status: 'failed'; readonly message: string };

/** Final error of a part, in the server's words. */
export function toFailed(error: unknown): StreamState {
  const message = error instanceof Error ? error.message : String(error);
  const advice = OTHER_SCHEMA.test(message)
    ? ' The server has another version than this page.'
    : '';
  return { status: 'failed', message: message + advice };
}

/**
 * graphql-js' message for an unknown field: a page that stayed open across an update sends such
 * queries.
 */
const OTHER_SCHEMA =
  /^(Cannot query field|Unknown (type|argument|fragment)|Field ".*" is not defined)/;

/** Returns the text of a state. */
export function describeState(state: StreamState): { short: string; long: string } {
  switch (state.status) {
    case 'loading':
      return { short: 'Loading', long: 'The newest events are being fetched.' };
    case 'connecting':
      return { short: 'Connecting', long: 'The page is connecting to the server.' };
    case 'replaying':
      return { short: 'Catching up', long: 'Missed events are being replayed.' };
    case 'live': {
      const way = state.transport === 'sse' ? 'over SSE, since WebSockets are blocked' : '';
      return { short: 'Live', long: `Events come as they are stored${way && `, ${way}`}.` };
    }
    case 'waiting':
      return {
        short: 'Waiting to reconnect',
        long: `${messageOf(state.cause)} The page tries again by itself and misses nothing.`,
      };
    case 'signed-out':
      return { short: 'Signed out', long: 'The token is no longer accepted. Sign in to continue.' };
    case 'failed':
      return { short: 'Stopped', long: state.message };
    case 'closed':
      return { short: 'Closed', long: 'Nothing is being followed.' };
    default:
      return state satisfies never;
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'The connection was lost.';
}
