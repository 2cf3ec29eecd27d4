import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { formatView, type Subject, type View } from '../address/view.ts';
import type { Session } from '../session/create-session.ts';
import { ListStatus } from '../stream/list-status.tsx';
import { ListWithDrawer } from '../stream/list-with-drawer.tsx';
import { CopyButton } from '../words/copy-button.tsx';
import { useHeadingFocus } from '../words/use-heading-focus.ts';
import type { Timeline } from './use-timeline.ts';

export interface SubjectPageProps {
  session: Session;
  graphiql: string | undefined;
  id: string;
  /** The event in the drawer, if it is open. */
  openId: string | undefined;
}

interface SubjectLayoutProps extends SubjectPageProps {
  page: Subject;
  timeline: Timeline;
  /** The same events in the stream. */
  stream: View;
  badge?: ReactNode;
  /** What the timeline shows, if not the events of the subject. */
  title?: string;
  /** The facts. */
  children: ReactNode;
}

const names: Record<Subject, string> = {
  user: 'User',
  installation: 'Installation',
  message: 'Message',
};

/** The page about one thing: what it is, facts, timeline. */
export function SubjectLayout(props: SubjectLayoutProps) {
  const {
    session,
    graphiql,
    id,
    openId,
    page,
    stream,
    badge,
    title = 'Timeline',
    children,
  } = props;
  const { list, shown } = props.timeline;
  const [behind] = useState<View>({ page, id });
  return (
    <main className="details">
      <Identity page={page} id={id}>
        {badge}
        <CopyButton text={id} what="the id" />
      </Identity>
      {children}
      <section className="timeline" aria-labelledby="timeline">
        <div className="bar">
          <h3 id="timeline">{title}</h3>
          <a href={formatView(stream)}>In the stream</a>
          <ListStatus list={list} shown={shown} />
        </div>
        <ListWithDrawer
          {...{ session, graphiql, list, shown, openId, behind }}
          isShown
          messageId={page === 'message' ? id : undefined}
          whenEmpty={<p>No events that you may see.</p>}
        />
      </section>
    </main>
  );
}

/** Says that the address cannot be one of an installation or a message. */
export function NotAnId({ page, id }: { page: Subject; id: string }) {
  return (
    <main className="details">
      <Identity page={page} id={id} />
      <p className="pending">
        This is not the id of {page === 'installation' ? 'an installation' : 'a message'}: it is a
        UUID of 36 characters, such as <code>eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e</code>.
      </p>
    </main>
  );
}

function Identity({ page, id, children }: { page: Subject; id: string; children?: ReactNode }) {
  const heading = useHeadingFocus();
  return (
    <header className="identity">
      <button type="button" className="icon" aria-label="Back" onClick={goBack}>
        <ArrowLeft size={18} aria-hidden="true" />
      </button>
      <h2 ref={heading} tabIndex={-1}>
        {names[page]} <code>{id}</code>
      </h2>
      {children}
    </header>
  );
}

/** Returns to the filtered stream; else to the stream. */
function goBack(): void {
  if (history.length > 1) history.back();
  else location.hash = '#/';
}
