import type { ReactNode } from 'react';
import { Pending } from '../data/pending.tsx';
import type { Session } from '../session/create-session.ts';
import { useHeadingFocus } from '../words/use-heading-focus.ts';
import { type HealthItem, healthItems } from './health-items.ts';
import { maySeeHealth, useHealth } from './use-health.ts';

/** What the wrong parts of the health line mean for those who look at the page, and what to do. */
const meanings: Readonly<Record<string, ReactNode>> = {
  fault: 'The server does not answer this page. Figures are those of its last answer.',
  database: (
    <>
      New events are stored, or refused and sent again later, but not shown until the server follows
      the database again. Runbook: EventlineDatabaseDown.
    </>
  ),
  last: (
    <>
      No event has been received for an hour. This may be normal at night. Otherwise the sender
      cannot reach the server, or has turned the webhook off. Runbook: EventlineSenderQuiet.
    </>
  ),
  feed: (
    <>
      Stored events are shown late. Nothing is lost: lists and charts continue where they were.
      Runbook: EventlineFollowerBehind.
    </>
  ),
  lists: (
    <>
      The lists of users, installations and messages lack the newest events, and wait for them. A
      single user, installation or message and the events themselves are up to date. After an update
      of the server the lists may be built again, which takes minutes. Runbook:
      EventlineListsBehind.
    </>
  ),
};

/** What is wrong with the server, and what to do. */
export function HealthPage({ session }: { session: Session }) {
  const heading = useHeadingFocus();
  const health = useHealth(session);
  const maySee = maySeeHealth(session);
  const wrong = health && healthItems(health, session.now()).filter(({ isWrong }) => isWrong);
  return (
    <main className="details">
      <header className="identity">
        <h2 ref={heading} tabIndex={-1}>
          Health
        </h2>
      </header>
      {!maySee && <p>It needs a token with the scope events:read.</p>}
      {maySee && wrong === undefined && <Pending state={{ status: 'loading' }} />}
      {wrong?.length === 0 && <p>Nothing is wrong.</p>}
      {wrong?.map((item) => (
        <Fault key={item.id} {...item} />
      ))}
      {wrong !== undefined && (
        <p className="muted">
          The runbooks are in the documentation of Eventline, under "Alerts and runbooks". On the
          server's machine, <code>npx eventline doctor</code> checks the whole setup.
        </p>
      )}
    </main>
  );
}

function Fault({ id, text, title, href }: HealthItem) {
  const meaning = meanings[id];
  return (
    <section aria-labelledby={`health-${id}`}>
      <h3 id={`health-${id}`}>{text}</h3>
      {title && <p className="figure">{title}</p>}
      {meaning ? <p>{meaning}</p> : href && <a href={href}>Show the deliveries</a>}
    </section>
  );
}
