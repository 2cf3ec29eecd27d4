import { createEventsClient, type EventFilter } from '../../../src/client/create-events-client.ts';
import { EventsClientError } from '../../../src/client/events-client-error.ts';
import type { EventsDocument } from '../../../src/client/events-document.ts';
import type { Session } from '../session/create-session.ts';
import { type StreamState, toFailed } from './stream-state.ts';

export interface FollowOptions<Event extends { cursor: string }> {
  document: EventsDocument<Event>;
  filter: EventFilter;
  /** The cursor after which to continue. */
  after: string;
  signal: AbortSignal;
  onEvent: (event: Event) => void;
  onState: (state: StreamState) => void;
}

/**
 * Follows the log after a cursor, each event once and in order. The client handles lost
 * connections; when a token expires this waits for the next one and continues after the last event.
 */
export async function follow<Event extends { cursor: string }>(
  session: Session,
  { document, filter, after, signal, onEvent, onState }: FollowOptions<Event>,
): Promise<void> {
  let reached = after;
  while (!signal.aborted) {
    let token: string;
    try {
      token = await session.usable(signal);
    } catch {
      return;
    }
    const client = createEventsClient({ url: session.endpoint, token, signal });
    try {
      const events = client.subscribe<Event>({
        ...filter,
        ...{ document, after: reached },
        // The reason of a closed subscription is reported below.
        onState: (state) => state.status !== 'closed' && onState(state),
      });
      for await (const event of events) {
        reached = event.cursor;
        onEvent(event);
      }
      return;
    } catch (error) {
      if (!(error instanceof EventsClientError && error.code === 'UNAUTHENTICATED')) {
        return onState(toFailed(error));
      }
      session.refuse(token, error.message);
      onState({ status: 'signed-out' });
    } finally {
      client.close();
    }
  }
}
