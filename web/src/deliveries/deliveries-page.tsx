import { useState } from 'react';
import { navigateTo } from '../address/use-view.ts';
import { Absent } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { QUARANTINE } from '../documents/deliveries.ts';
import { EventDrawer } from '../event/event-drawer.tsx';
import type { QuarantineQuery } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { useHeadingFocus } from '../words/use-heading-focus.ts';
import { Malformed } from './malformed.tsx';
import { QuarantinedDelivery } from './quarantined-delivery.tsx';

const PAGE = 50;

interface DeliveriesPageProps {
  session: Session;
  graphiql: string | undefined;
  /** The event in the drawer, if it is open. */
  openId: string | undefined;
}

/** Deliveries that need a person: refused ones in quarantine, and malformed events. */
export function DeliveriesPage({ session, graphiql, openId }: DeliveriesPageProps) {
  const heading = useHeadingFocus();
  const isAdmin = session.current().claims?.scopes.includes('events:admin') ?? false;
  return (
    <div className="list-with-drawer">
      <main className="details">
        <header className="identity">
          <h2 ref={heading} tabIndex={-1}>
            Deliveries
          </h2>
        </header>
        <section aria-labelledby="quarantine">
          <h3 id="quarantine">In quarantine</h3>
          <p className="muted">
            Signed deliveries that could not be read, kept whole. Retry them after the sender or
            Eventline was fixed. A delivery without a valid signature is refused and not kept.
          </p>
          {isAdmin ? (
            <Quarantine session={session} />
          ) : (
            <p>They need a token with the scope events:admin.</p>
          )}
        </section>
        <Malformed session={session} />
      </main>
      {openId !== undefined && (
        <EventDrawer
          {...{ session, graphiql }}
          id={openId}
          newerId={undefined}
          olderId={undefined}
          close={() => navigateTo({ page: 'deliveries' })}
        />
      )}
    </div>
  );
}

function Quarantine({ session }: Pick<DeliveriesPageProps, 'session'>) {
  const [before, setBefore] = useState<string>();
  const asked = useAnswer(session, QUARANTINE, { last: PAGE, before: before ?? null });
  if (!asked.answer) return <Pending state={asked.state} again={asked.again} />;
  const { data, errors } = asked.answer;
  const { edges, pageInfo } = (data as Partial<QuarantineQuery>).quarantine ?? {};
  if (!edges || edges.length === 0) {
    return (
      <Absent errors={errors} again={asked.again}>
        {before === undefined
          ? 'No delivery is in quarantine. There is nothing to do.'
          : 'There are no older ones.'}
      </Absent>
    );
  }
  return (
    <>
      <ul className="deliveries">
        {[...edges].reverse().map(({ node }, index, all) => (
          <QuarantinedDelivery
            key={node.digest}
            session={session}
            delivery={node}
            // The page before the next newer one ends with this delivery.
            before={all[index - 1]?.cursor ?? before}
            changed={asked.again}
          />
        ))}
      </ul>
      <p className="buttons">
        {before !== undefined && (
          <button type="button" onClick={() => setBefore(undefined)}>
            Newest
          </button>
        )}
        {pageInfo?.hasPreviousPage && (
          <button type="button" onClick={() => setBefore(pageInfo.startCursor ?? undefined)}>
            Older
          </button>
        )}
      </p>
    </>
  );
}
