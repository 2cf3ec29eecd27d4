import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { EventFilter } from '../../../src/client/create-events-client.ts';
import type { Range } from '../address/view.ts';
import type { Session } from '../session/create-session.ts';
import { type CountsState, createCounts, type LiveCounts } from './create-counts.ts';
import { chartRanges } from './range.ts';

const nothing: CountsState = { state: { status: 'loading' }, buckets: new Map(), isCounted: false };
const never = () => () => undefined;

export type Counted = CountsState & {
  /** Counts anew, after a failure. */
  again: () => void;
};

/** Counts matching events of a range while the component is mounted. */
export function useCounts(session: Session, filter: EventFilter, range: Range): Counted {
  const [counts, setCounts] = useState<LiveCounts>();
  const [tries, setTries] = useState(0);
  const again = useCallback(() => setTries((count) => count + 1), []);
  const key = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: counted anew on demand
  useEffect(() => {
    const made = createCounts(session, JSON.parse(key), chartRanges[range]);
    setCounts(made);
    return made.close;
  }, [session, key, range, tries]);
  const state = useSyncExternalStore(
    counts?.subscribe ?? never,
    counts?.current ?? (() => nothing),
  );
  return useMemo(() => ({ ...state, again }), [state, again]);
}
