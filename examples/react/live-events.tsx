import type { EventsClient } from '@eventline/client';
import { useEvents } from '@eventline/client/react';

/** Shows the events from now on, newest first. */
export function LiveEvents({ client }: { client: EventsClient }) {
  const { events, state, error } = useEvents(client, { limit: 200 });
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <>
      <p role="status">{state.status === 'waiting' ? 'reconnecting' : state.status}</p>
      <ol>
        {events.toReversed().map((event) => (
          <li key={event.cursor} data-cursor={event.cursor}>
            <time dateTime={event.occurredOn}>{event.occurredOn}</time> {event.typeName}{' '}
            {event.userId} {event.__typename === 'MessageSent' && event.speciality}
          </li>
        ))}
      </ol>
    </>
  );
}
