import { useEffect, useState } from 'react';
import { streamOf } from '../address/view.ts';
import { Absent, Failed } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { type Asked, useAnswer } from '../data/use-answer.ts';
import { MESSAGE_PAGE } from '../documents/subjects.ts';
import type { MessagePageQuery } from '../generated/graphql.ts';
import { Facts } from '../words/facts.tsx';
import { IdLink } from '../words/id-link.tsx';
import { duration, fullTime } from '../words/times.ts';
import { SubjectLayout, type SubjectPageProps } from './subject-page.tsx';
import { useTimeline } from './use-timeline.ts';

type Message = NonNullable<MessagePageQuery['message']>;

/** A message: whether and when it was read, and the conversation around it. */
export function MessagePage(props: SubjectPageProps) {
  const { session, id } = props;
  const [found, setFound] = useState<Message>();
  const { userId, professionalId } = found ?? {};
  const timeline = useTimeline(session, conversationOf(userId, professionalId));
  const asked = useAnswer(session, MESSAGE_PAGE, { id }, timeline.revision);
  const message = asked.answer?.data.message;
  useEffect(() => {
    if (message) setFound(message);
  }, [message]);
  const stream = streamOf({
    ...conversationOf(userId, professionalId),
    professionalIds: [String(professionalId)],
  });
  return (
    <SubjectLayout
      {...{ ...props, timeline, stream }}
      page="message"
      badge={message && <ReadBadge readOn={message.readOn} />}
      title={
        professionalId === undefined
          ? 'Conversation'
          : `Conversation with professional ${professionalId}`
      }
    >
      <About asked={asked} />
    </SubjectLayout>
  );
}

/** The messages between a user and a professional; none while they are not known. */
function conversationOf(userId: string | null | undefined, professionalId: number | undefined) {
  return {
    types: ['MESSAGE_SENT' as const, 'MESSAGE_READ' as const],
    userIds: userId == null ? [] : [userId],
    professionalIds: professionalId === undefined ? [] : [professionalId],
  };
}

/** The first thing that is asked about a message. */
function ReadBadge({ readOn }: Pick<Message, 'readOn'>) {
  return readOn ? (
    <span className="badge is-good">read</span>
  ) : (
    <span className="badge is-waiting">unread</span>
  );
}

function About({ asked }: { asked: Asked<MessagePageQuery> }) {
  if (!asked.answer) return <Pending state={asked.state} again={asked.again} />;
  const { data, errors } = asked.answer;
  if (!data.message) {
    return (
      <Absent errors={errors} again={asked.again}>
        There are no events of this message that you may see. Ids are compared whole.
      </Absent>
    );
  }
  const { sentOn, readOn, readDelaySeconds, userId, speciality, professionalId } = data.message;
  const delay =
    readDelaySeconds == null ? '' : `, ${duration(readDelaySeconds * 1_000)} after it was sent`;
  return (
    <>
      <Failed errors={errors} again={asked.again} />
      <Facts
        facts={[
          ['Sent', sentOn ? fullTime(sentOn) : 'no event has told when'],
          ['Read', readOn ? `${fullTime(readOn)}${delay}` : 'not yet'],
          ['User', userId && <IdLink key="user" page="user" id={userId} />],
          ['Professional', String(professionalId)],
          ['Speciality', speciality],
        ]}
      />
    </>
  );
}
