import { streamOf } from '../address/view.ts';
import { Absent, Failed } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { INSTALLATION_PAGE, INSTALLATION_USERS } from '../documents/subjects.ts';
import { PlanBadge } from '../words/badge.tsx';
import { Facts } from '../words/facts.tsx';
import { IdLink } from '../words/id-link.tsx';
import { ShortList } from '../words/short-list.tsx';
import { clockTime, fullTime } from '../words/times.ts';
import { nameOf } from './devices.tsx';
import { EventCounts } from './event-counts.tsx';
import { SubjectLayout, type SubjectPageProps } from './subject-page.tsx';
import { type Timeline, useTimeline } from './use-timeline.ts';

type AboutProps = SubjectPageProps & { timeline: Timeline };

/** What is known of an installation, and its live events. */
export function InstallationPage(props: SubjectPageProps) {
  const filter = { installationIds: [props.id] };
  const timeline = useTimeline(props.session, filter);
  return (
    <SubjectLayout {...{ ...props, timeline }} page="installation" stream={streamOf(filter)}>
      <About {...{ ...props, timeline }} />
    </SubjectLayout>
  );
}

function About(props: AboutProps) {
  const { session, id, timeline } = props;
  const asked = useAnswer(session, INSTALLATION_PAGE, { id }, timeline.revision);
  if (!asked.answer) return <Pending state={asked.state} again={asked.again} />;
  const { data, errors } = asked.answer;
  const { installation } = data;
  if (!installation) {
    return (
      <Absent errors={errors} again={asked.again} hasEvents={timeline.shown.events.length > 0}>
        There are no events of this installation that you may see. Ids are compared whole.
      </Absent>
    );
  }
  const { createdOn, uninstalledOn, firstSeen, lastSeen } = installation;
  return (
    <>
      <Failed errors={errors} again={asked.again} />
      <Facts
        facts={[
          ['Device', nameOf(installation)],
          ['Installed', fullTime(createdOn)],
          ['Removed', uninstalledOn ? fullTime(uninstalledOn) : 'no'],
          ['First seen', fullTime(firstSeen)],
          ['Last seen', fullTime(lastSeen)],
        ]}
      />
      <div className="columns">
        <Users {...props} />
        <EventCounts counts={installation.eventCounts} />
      </div>
    </>
  );
}

function Users({ session, id, timeline }: AboutProps) {
  const asked = useAnswer(session, INSTALLATION_USERS, { id }, timeline.revision);
  const { edges, pageInfo } = asked.answer?.data.installation?.users ?? {};
  const users = edges?.map(({ node }) => node) ?? [];
  return (
    <section>
      <h3>Users</h3>
      {!asked.answer && <Pending state={asked.state} again={asked.again} />}
      {asked.answer && <Failed errors={asked.answer.errors} again={asked.again} />}
      {asked.answer?.errors.length === 0 && users.length === 0 && (
        <p className="muted">No event has told of one.</p>
      )}
      <ShortList hasOlder={pageInfo?.hasPreviousPage}>
        {users.reverse().map(({ userId, currentStatus, lastSeen }) => (
          <li key={userId}>
            <IdLink page="user" id={userId} /> <PlanBadge plan={currentStatus} />
            <br />
            <span className="muted">last seen {clockTime(lastSeen)}</span>
          </li>
        ))}
      </ShortList>
    </section>
  );
}
