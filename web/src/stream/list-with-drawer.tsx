import { type ReactNode, useEffect, useRef } from 'react';
import { navigateTo } from '../address/use-view.ts';
import type { View } from '../address/view.ts';
import { EventDrawer } from '../event/event-drawer.tsx';
import type { Session } from '../session/create-session.ts';
import type { EventList, ListState } from './create-event-list.ts';
import { EventTable } from './event-table.tsx';

interface ListWithDrawerProps {
  session: Session;
  graphiql: string | undefined;
  list: EventList | undefined;
  shown: ListState;
  isShown: boolean;
  /** The event in the drawer, if it is open. */
  openId: string | undefined;
  /** The view without the drawer. */
  behind: View;
  /** The message that the page is about: its events are marked. */
  messageId?: string | undefined;
  whenEmpty: ReactNode;
}

/** The table of events, and beside it one of them. */
export function ListWithDrawer(props: ListWithDrawerProps) {
  const { session, graphiql, list, shown, isShown, openId, behind, messageId, whenEmpty } = props;
  const place = useRef<HTMLDivElement>(null);
  const { events } = shown;
  const index = openId === undefined ? -1 : events.findIndex(({ id }) => id === openId);
  /** The event to whose row the focus returns; a pointer needs no focus, which would hold the list. */
  const returnsTo = useRef<string>(undefined);
  useEffect(() => {
    if (openId !== undefined || returnsTo.current === undefined) return;
    const row = `[data-id="${CSS.escape(returnsTo.current)}"] .type a`;
    returnsTo.current = undefined;
    place.current?.querySelector<HTMLElement>(row)?.focus({ preventScroll: true });
  }, [openId]);
  function close(): void {
    if (document.activeElement?.matches(':focus-visible')) returnsTo.current = openId;
    navigateTo(behind);
  }
  return (
    <div className={`list-with-drawer of-${behind.page}`} ref={place}>
      <EventTable
        {...{ session, list, shown, isShown, messageId, whenEmpty }}
        selectedId={openId}
      />
      {openId !== undefined && isShown && (
        <EventDrawer
          {...{ session, graphiql }}
          id={openId}
          newerId={index < 0 ? undefined : events[index + 1]?.id}
          olderId={index < 0 ? undefined : events[index - 1]?.id}
          close={close}
        />
      )}
    </div>
  );
}
