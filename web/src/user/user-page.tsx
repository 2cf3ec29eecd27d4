import { everything, formatView } from '../address/view.ts';
import { ConnectionState } from '../data/connection-state.tsx';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { USER_PAGE } from '../documents.ts';
import type { UserPageQuery } from '../generated/graphql.ts';
import type { Session } from '../session/create-session.ts';
import { EventRows } from '../stream/event-rows.tsx';
import { colourClass, labelOf } from '../stream/event-types.ts';
import { PauseButton } from '../stream/pause-button.tsx';
import { useEventList } from '../stream/use-event-list.ts';
import { BackLink } from '../words/back-link.tsx';
import { Facts } from '../words/facts.tsx';
import { fullTime } from '../words/times.ts';
import { useHeadingFocus } from '../words/use-heading-focus.ts';
import { Devices } from './devices.tsx';

interface UserPageProps {
  session: Session;
  id: string;
}

/** What is known of a user, and their live events. */
export function UserPage({ session, id }: UserPageProps) {
  const asked = useAnswer(session, USER_PAGE, id);
  const { list, shown } = useEventList(session, { userIds: [id] });
  const heading = useHeadingFocus();
  const stream = formatView({ page: 'stream', list: { ...everything, userIds: [id] } });
  return (
    <main className="details">
      <BackLink />
      <h2 ref={heading} tabIndex={-1}>
        User <code>{id}</code>
      </h2>
      {asked.answer ? <About user={asked.answer.data.user} /> : <Pending state={asked.state} />}
      <section className="timeline" aria-labelledby="timeline">
        <h3 id="timeline">Timeline</h3>
        <div className="bar">
          <ConnectionState state={shown.state} />
          <a href={stream}>In the stream</a>
          <PauseButton list={list} shown={shown} />
        </div>
        <EventRows
          list={list}
          shown={shown}
          showsUser={false}
          isShown
          whenEmpty={<p>No events of this user that you may see.</p>}
        />
      </section>
    </main>
  );
}

function About({ user }: { user: UserPageQuery['user'] }) {
  if (!user) return <p className="pending">There are no events of this user that you may see.</p>;
  const { currentStatus, currentStatusCode, firstSeen, lastSeen, statusHistory } = user;
  return (
    <>
      <Facts
        facts={[
          ['Status', currentStatus && `${currentStatus.toLowerCase()} (${currentStatusCode})`],
          ['Coverage', user.currentCoverageName],
          ['First seen', fullTime(firstSeen)],
          ['Last seen', fullTime(lastSeen)],
        ]}
      />
      <div className="columns">
        <section>
          <h3>Plans</h3>
          {statusHistory.length === 0 && <p className="muted">No event has told of one.</p>}
          <ol className="plain">
            {[...statusHistory].reverse().map(({ status: plan, since, cursor }) => (
              <li key={cursor}>
                <strong>{plan.toLowerCase()}</strong> since{' '}
                <time dateTime={since}>{fullTime(since)}</time>
              </li>
            ))}
          </ol>
        </section>
        <section>
          <h3>Events by type</h3>
          <ul className="plain">
            {user.eventCounts.map(({ type, count, lastOn }) => (
              <li key={type} className={colourClass(type)}>
                <i aria-hidden="true" /> {labelOf(type)}: <strong>{count.toLocaleString()}</strong>
                <span className="muted">, the last {fullTime(lastOn)}</span>
              </li>
            ))}
          </ul>
        </section>
        <Devices devices={user.installations.edges.map(({ node }) => node)} />
      </div>
    </>
  );
}
