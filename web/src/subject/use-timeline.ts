import { useEffect, useRef, useState } from 'react';
import type { EventFilter } from '../../../src/client/create-events-client.ts';
import type { Session } from '../session/create-session.ts';
import type { EventList, ListState } from '../stream/create-event-list.ts';
import { useEventList } from '../stream/use-event-list.ts';

/** The live events of a subject. */
export interface Timeline {
  list: EventList | undefined;
  shown: ListState;
  /** Changes some time after the newest event did: older facts are asked again then. */
  revision: number;
}

/** Minimum interval between revisions, in milliseconds. */
const LEAST_MS = 3_000;

/** Follows the events of a subject. */
export function useTimeline(session: Session, filter: EventFilter): Timeline {
  const { list, shown } = useEventList(session, filter);
  const newestId = shown.events.at(-1)?.id;
  const [revision, setRevision] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (newestId === undefined || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      setRevision((number) => number + 1);
    }, LEAST_MS);
  }, [newestId]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { list, shown, revision };
}
