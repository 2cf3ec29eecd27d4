import { Failed } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { USER_CONTACT } from '../documents/subjects.ts';
import type { Session } from '../session/create-session.ts';

interface ContactProps {
  session: Session;
  /** The user. */
  id: string;
}

/** A user's contact, for those who may see it. */
export function Contact({ session, id }: ContactProps) {
  const { claims } = session.current();
  const maySee = claims?.scopes.includes('pii:read') || claims?.user === id;
  const asked = useAnswer(session, USER_CONTACT, maySee ? { id } : undefined);
  if (!maySee) return <span className="muted">not for this token (pii:read)</span>;
  if (!asked.answer) return <Pending state={asked.state} again={asked.again} />;
  const { errors } = asked.answer;
  if (errors.length > 0) return <Failed errors={errors} again={asked.again} />;
  const node = asked.answer.data.events.edges[0]?.node;
  const contact = node && 'email' in node ? node : undefined;
  const { email, mobilePhone, mobilePhonePrefix } = contact ?? {};
  const phone = mobilePhone && `${mobilePhonePrefix ? `+${mobilePhonePrefix} ` : ''}${mobilePhone}`;
  if (!email && !phone) return '–';
  return (
    <>
      {email}
      {email && phone && <br />}
      {phone}
    </>
  );
}
