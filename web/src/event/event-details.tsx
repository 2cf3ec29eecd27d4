import type { FieldError } from '../data/ask.ts';
import type { EventOfPage } from '../documents/event.ts';
import { Facts } from '../words/facts.tsx';
import { IdLink } from '../words/id-link.tsx';
import { fullTime } from '../words/times.ts';
import { DeliverySteps } from './delivery-steps.tsx';
import { graphiqlLink } from './graphiql-link.ts';
import { ownFieldsOf } from './own-fields-of.ts';
import { queryOf } from './query-of.ts';

interface EventDetailsProps {
  event: EventOfPage;
  errors: readonly FieldError[];
  graphiql: string | undefined;
}

/** An event with all its fields, how it was delivered, and the query for it. */
export function EventDetails({ event, errors, graphiql }: EventDetailsProps) {
  const { id, typeName, occurredOn, userId, installationId } = event;
  const variables = JSON.stringify({ id }, null, 2);
  return (
    <>
      <Facts
        facts={[
          ['Type', <code key="type">{typeName}</code>],
          ['Occurred', fullTime(occurredOn)],
          ['User', userId && <IdLink key="user" page="user" id={userId} />],
          [
            'Installation',
            installationId && <IdLink key="installation" page="installation" id={installationId} />,
          ],
          ...('messageId' in event
            ? [['Message', <IdLink key="message" page="message" id={event.messageId} />] as const]
            : []),
          ...ownFieldsOf(event, errors),
        ]}
      />
      <DeliverySteps event={event} />
      <section>
        <h3>Payload</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable */}
        <pre tabIndex={0}>{JSON.stringify(event.payload, null, 2)}</pre>
      </section>
      {event.envelope && (
        <section>
          <h3>Envelope</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable */}
          <pre tabIndex={0}>{JSON.stringify(event.envelope, null, 2)}</pre>
        </section>
      )}
      <section>
        <h3>Reference</h3>
        <Facts
          facts={[
            ['Id', <code key="id">{id}</code>],
            ['Cursor', <code key="cursor">{event.cursor}</code>],
          ]}
        />
        {graphiql && (
          <a href={graphiqlLink(graphiql, { query: queryOf(event), variables })}>
            Open in GraphiQL
          </a>
        )}
      </section>
    </>
  );
}
