import { streamOf } from '../address/view.ts';
import { Absent, Failed } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { type Asked, useAnswer } from '../data/use-answer.ts';
import { USER_PAGE } from '../documents/subjects.ts';
import type { UserPageQuery } from '../generated/graphql.ts';
import { PlanBadge } from '../words/badge.tsx';
import { Facts } from '../words/facts.tsx';
import { ShortList } from '../words/short-list.tsx';
import { clockTime, fullTime } from '../words/times.ts';
import { Contact } from './contact.tsx';
import { Devices } from './devices.tsx';
import { EventCounts } from './event-counts.tsx';
import { SubjectLayout, type SubjectPageProps } from './subject-page.tsx';
import { type Timeline, useTimeline } from './use-timeline.ts';

/** What is known of a user, and their live events. */
export function UserPage(props: SubjectPageProps) {
  const { session, id } = props;
  const filter = { userIds: [id] };
  const timeline = useTimeline(session, filter);
  const asked = useAnswer(session, USER_PAGE, { id }, timeline.revision);
  return (
    <SubjectLayout
      {...{ ...props, timeline }}
      page="user"
      stream={streamOf(filter)}
      badge={<PlanBadge plan={asked.answer?.data.user?.currentStatus} />}
    >
      <About {...{ session, id, timeline, asked }} />
    </SubjectLayout>
  );
}

interface AboutProps extends Pick<SubjectPageProps, 'session' | 'id'> {
  timeline: Timeline;
  asked: Asked<UserPageQuery>;
}

function About({ session, id, timeline, asked }: AboutProps) {
  if (!asked.answer) return <Pending state={asked.state} again={asked.again} />;
  const { data, errors } = asked.answer;
  if (!data.user) {
    return (
      <Absent errors={errors} again={asked.again} hasEvents={timeline.shown.events.length > 0}>
        There are no events of this user that you may see. Ids are compared whole.
      </Absent>
    );
  }
  const { currentStatus, currentStatusCode, firstSeen, lastSeen } = data.user;
  return (
    <>
      <Failed errors={errors} again={asked.again} />
      <Facts
        facts={[
          [
            'Plan',
            currentStatus && (
              <>
                <PlanBadge plan={currentStatus} />{' '}
                <span className="muted">({currentStatusCode})</span>
              </>
            ),
          ],
          ['Coverage', data.user.currentCoverageName],
          ['Contact', <Contact key="contact" session={session} id={id} />],
          ['First seen', fullTime(firstSeen)],
          ['Last seen', fullTime(lastSeen)],
        ]}
      />
      <div className="columns">
        <Devices session={session} id={id} revision={timeline.revision} />
        <Plans user={data.user} />
        <EventCounts counts={data.user.eventCounts} />
      </div>
    </>
  );
}

function Plans({ user: { statusHistory } }: { user: NonNullable<UserPageQuery['user']> }) {
  return (
    <section>
      <h3>Plans</h3>
      {statusHistory.length === 0 && <p className="muted">No event has told of one.</p>}
      <ShortList>
        {[...statusHistory].reverse().map(({ status, since, cursor }) => (
          <li key={cursor}>
            <PlanBadge plan={status} /> since <time dateTime={since}>{clockTime(since)}</time>
          </li>
        ))}
      </ShortList>
    </section>
  );
}
