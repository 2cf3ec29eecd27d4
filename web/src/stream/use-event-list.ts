import { useEffect, useState, useSyncExternalStore } from 'react';
import type { EventFilter } from '../../../src/client/create-events-client.ts';
import type { Session } from '../session/create-session.ts';
import { createEventList, type EventList, type ListState } from './create-event-list.ts';

const nothing: ListState = {
  ...{ state: { status: 'loading' }, events: [], waiting: 0, pauseReasons: new Set() },
  ...{ hasOlder: false, isLoadingOlder: false },
};
const never = () => () => undefined;

/** A list of matching events while the component is mounted; another filter creates a new list. */
export function useEventList(session: Session, filter: EventFilter) {
  const [list, setList] = useState<EventList>();
  const key = JSON.stringify(filter);
  useEffect(() => {
    const made = createEventList(session, JSON.parse(key));
    setList(made);
    return made.close;
  }, [session, key]);
  const shown = useSyncExternalStore(list?.subscribe ?? never, list?.current ?? (() => nothing));
  return { list, shown };
}
