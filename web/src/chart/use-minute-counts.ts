import { useEffect, useState, useSyncExternalStore } from 'react';
import type { EventFilter } from '../../../src/client/create-events-client.ts';
import type { Session } from '../session/create-session.ts';
import { type CountsState, createMinuteCounts, type LiveCounts } from './create-minute-counts.ts';

const nothing: CountsState = { state: { status: 'loading' }, minutes: new Map(), isCounted: false };
const never = () => () => undefined;

/** Counts matching events while the component is mounted. */
export function useMinuteCounts(session: Session, filter: EventFilter): CountsState {
  const [counts, setCounts] = useState<LiveCounts>();
  const key = JSON.stringify(filter);
  useEffect(() => {
    const made = createMinuteCounts(session, JSON.parse(key));
    setCounts(made);
    return made.close;
  }, [session, key]);
  return useSyncExternalStore(counts?.subscribe ?? never, counts?.current ?? (() => nothing));
}
