import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { navigateTo } from '../address/use-view.ts';
import { Absent } from '../data/absent.tsx';
import { Pending } from '../data/pending.tsx';
import { useAnswer } from '../data/use-answer.ts';
import { EVENT_PAGE } from '../documents/event.ts';
import type { Session } from '../session/create-session.ts';
import { colourClass, labelOf } from '../stream/event-types.ts';
import { useMedia } from '../words/use-media.ts';
import { CopyMenu } from './copy-menu.tsx';
import { EventDetails } from './event-details.tsx';

interface EventDrawerProps {
  session: Session;
  graphiql: string | undefined;
  id: string;
  /** Its neighbours in the list behind the drawer. */
  newerId: string | undefined;
  olderId: string | undefined;
  close: () => void;
}

const PHONE = '(max-width: 720px)';

/** One event beside the list, which goes on; on a phone over it. */
export function EventDrawer(props: EventDrawerProps) {
  const isPhone = useMedia(PHONE);
  const { close } = props;
  useEffect(() => {
    if (isPhone) return;
    // Wherever the focus is; menus and dialogs keep their Escape for themselves.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [isPhone, close]);
  if (isPhone) {
    return (
      <ModalOverlay className="overlay" isOpen onOpenChange={close}>
        <Modal className="sheet">
          <Dialog className="drawer" aria-label="Event">
            <DrawerContent {...props} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    );
  }
  return (
    <aside className="drawer" aria-label="Event">
      <DrawerContent {...props} />
    </aside>
  );
}

function DrawerContent({ session, graphiql, id, newerId, olderId, close }: EventDrawerProps) {
  const asked = useAnswer(session, EVENT_PAGE, { id });
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another event is announced
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  const event = asked.answer?.data.event;
  // The id itself is wrong.
  const isRefused = asked.answer?.errors[0]?.extensions?.code === 'BAD_USER_INPUT';
  const go = (to: string) => navigateTo({ page: 'event', id: to });
  return (
    <>
      <header className="drawer-head">
        <h2
          ref={heading}
          tabIndex={-1}
          className={event ? `swatch ${colourClass(event.type)}` : undefined}
        >
          {event && <i className="mark" aria-hidden="true" />}
          {event ? (event.type === 'UNKNOWN' ? event.typeName : labelOf(event.type)) : 'Event'}
          {event && 'faults' in event && <span className="badge is-wrong">malformed</span>}
        </h2>
        <span className="tools">
          <button
            type="button"
            className="icon"
            aria-label="Newer event"
            disabled={newerId === undefined}
            onClick={() => newerId !== undefined && go(newerId)}
          >
            <ChevronUp size={18} aria-hidden="true" />
          </button>
          <button
            type="button"
            className="icon"
            aria-label="Older event"
            disabled={olderId === undefined}
            onClick={() => olderId !== undefined && go(olderId)}
          >
            <ChevronDown size={18} aria-hidden="true" />
          </button>
          {event && <CopyMenu event={event} endpoint={session.endpoint} />}
          <button type="button" className="icon" aria-label="Close" onClick={close}>
            <X size={18} aria-hidden="true" />
          </button>
        </span>
      </header>
      <div className="drawer-body">
        {!asked.answer && <Pending state={asked.state} again={asked.again} />}
        {asked.answer && !event && (
          <Absent errors={asked.answer.errors} again={isRefused ? undefined : asked.again}>
            There is no such event, or you may not see it.
          </Absent>
        )}
        {asked.answer && event && (
          <EventDetails event={event} errors={asked.answer.errors} graphiql={graphiql} />
        )}
      </div>
    </>
  );
}
