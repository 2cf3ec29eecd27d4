import { formatView } from '../address/view.ts';
import { Absent } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { MALFORMED } from '../documents/deliveries.ts';
import type { MalformedQuery } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { IdLink } from '../words/id-link.tsx';
import { fullTime } from '../words/times.ts';

/** The newest events whose payloads do not have the declared fields. */
export function Malformed({ session }: { session: Session }) {
  const asked = useAnswer(session, MALFORMED, {});
  return (
    <section aria-labelledby="malformed">
      <h3 id="malformed">Malformed events</h3>
      <p className="muted">
        They are stored and delivered, but their payload lacks fields that their type declares, or
        has others in their place.
      </p>
      {asked.answer ? (
        <Events {...asked.answer.data.malformedEvents}>
          <Absent errors={asked.answer.errors} again={asked.again}>
            None of the newest {asked.answer.data.malformedEvents.examined.toLocaleString()} events
            is malformed.
          </Absent>
        </Events>
      ) : (
        <Pending state={asked.state} again={asked.again} />
      )}
    </section>
  );
}

function Events({
  events,
  children,
}: MalformedQuery['malformedEvents'] & { children: React.ReactNode }) {
  if (events.length === 0) return children;
  return (
    <ul className="deliveries">
      {events.map((event) => (
        <li key={event.id} className="delivery">
          <p>
            <a href={formatView({ page: 'event', id: event.id })}>
              <strong>{event.typeName}</strong>
            </a>{' '}
            {'faults' in event && event.faults.join('; ')}
          </p>
          <p className="muted">
            received {fullTime(event.receivedAt)} · <IdLink page="user" id={event.userId} />
          </p>
        </li>
      ))}
    </ul>
  );
}
