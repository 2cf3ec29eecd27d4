import { formatView } from '../address/view.ts';
import type { FieldError } from '../data/ask.ts';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { EVENT_PAGE } from '../documents.ts';
import type { EventPageQuery } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { labelOf } from '../stream/event-types.ts';
import { BackLink } from '../words/back-link.tsx';
import { CopyButton } from '../words/copy-button.tsx';
import { Facts } from '../words/facts.tsx';
import { fullTime } from '../words/times.ts';
import { useHeadingFocus } from '../words/use-heading-focus.ts';
import { graphiqlLink } from './graphiql-link.ts';
import { ownFieldsOf } from './own-fields-of.ts';
import { queryOf } from './query-of.ts';

interface EventPageProps {
  session: Session;
  graphiql: string | undefined;
  id: string;
}

/** An event with all its fields, and the query for it. */
export function EventPage({ session, graphiql, id }: EventPageProps) {
  const asked = useAnswer(session, EVENT_PAGE, id);
  const heading = useHeadingFocus();
  const event = asked.answer?.data.event;
  return (
    <main className="details">
      <BackLink />
      <h2 ref={heading} tabIndex={-1}>
        {event ? (event.type === 'UNKNOWN' ? event.typeName : labelOf(event.type)) : 'Event'}
      </h2>
      {!asked.answer && <Pending state={asked.state} />}
      {asked.answer && !event && (
        <p className="pending">There is no such event, or you may not see it.</p>
      )}
      {asked.answer && event && (
        <About event={event} errors={asked.answer.errors} graphiql={graphiql} />
      )}
    </main>
  );
}

interface AboutProps {
  event: NonNullable<EventPageQuery['event']>;
  errors: readonly FieldError[];
  graphiql: string | undefined;
}

function About({ event, errors, graphiql }: AboutProps) {
  const { id, cursor, typeName, occurredOn, userId, installationId, delivery } = event;
  const payload = JSON.stringify(event.payload, null, 2);
  const query = queryOf(event);
  const variables = JSON.stringify({ id }, null, 2);
  return (
    <>
      <Facts
        facts={[
          ['Type', <code key="type">{typeName}</code>],
          ['Occurred', fullTime(occurredOn)],
          [
            'User',
            userId && (
              <a key="user" href={formatView({ page: 'user', id: userId })}>
                {userId}
              </a>
            ),
          ],
          ['Installation', installationId && <code key="installation">{installationId}</code>],
          ...ownFieldsOf(event, errors),
        ]}
      />
      <div className="columns">
        <section>
          <h3>Payload</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable */}
          <pre tabIndex={0}>{payload}</pre>
          <CopyButton text={payload} what="the payload" />
          {event.envelope && (
            <>
              <h3>Envelope</h3>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable */}
              <pre tabIndex={0}>{JSON.stringify(event.envelope, null, 2)}</pre>
            </>
          )}
        </section>
        <section>
          <h3>Delivery</h3>
          <Facts
            facts={[
              ['Received', fullTime(delivery.receivedAt)],
              ['Repeated', delivery.repeats === 0 ? 'never' : `${delivery.repeats} times`],
              ['Last repeat', delivery.lastRepeatedAt && fullTime(delivery.lastRepeatedAt)],
              ['Cursor', <code key="cursor">{cursor}</code>],
              ['Id', <code key="id">{id}</code>],
            ]}
          />
        </section>
        <section>
          <h3>GraphQL</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable */}
          <pre tabIndex={0}>{query}</pre>
          <p className="buttons">
            <CopyButton text={query} what="the query" />
            {graphiql && (
              <a href={graphiqlLink(graphiql, { query, variables })}>Open in GraphiQL</a>
            )}
          </p>
        </section>
      </div>
    </>
  );
}
