import { useMemo } from 'react';
import { navigateTo } from '../address/use-view.ts';
import type { ListView } from '../address/view.ts';
import { Chart } from '../chart/chart.tsx';
import { stackCounts } from '../chart/stack-counts.ts';
import { useMinuteCounts } from '../chart/use-minute-counts.ts';
import { ConnectionState } from '../data/connection-state.tsx';
import type { Session } from '../session/create-session.ts';
import { EventRows } from './event-rows.tsx';
import { Filters } from './filters.tsx';
import { NoEvents } from './no-events.tsx';
import { PauseButton } from './pause-button.tsx';
import { subjectsOf, toFilter } from './to-filter.ts';
import { useEventList } from './use-event-list.ts';

interface StreamPageProps {
  session: Session;
  list: ListView;
  /** Whether it is visible; it stays mounted behind other views. */
  isShown: boolean;
  /** Whether the server is a development server on this machine. */
  isDevelopment: boolean;
}

const seesAll = (session: Session) =>
  session.current().claims?.scopes.includes('events:read') ?? false;

/** The stream: live events, the counts of the last hour, and the filters. */
export function StreamPage({ session, list: view, isShown, isDevelopment }: StreamPageProps) {
  const { list, shown } = useEventList(session, toFilter(view));
  const counts = useMinuteCounts(session, subjectsOf(view));
  const stacked = useMemo(
    () => stackCounts(counts.minutes, view.types, session.now()),
    // The map is mutated in place; `counts` changes with each update.
    [counts, view.types, session],
  );
  const show = (change: Partial<ListView>) =>
    navigateTo({ page: 'stream', list: { ...view, ...change } });
  return (
    <main className="stream">
      <h2 className="unseen" tabIndex={-1}>
        Live events
      </h2>
      <Chart counts={counts} stacked={stacked} list={view} show={show} />
      <Filters view={view} totals={counts.isCounted ? stacked.totals : undefined} show={show} />
      <div className="bar">
        <ConnectionState state={shown.state} />
        <PauseButton list={list} shown={shown} />
      </div>
      <EventRows
        list={list}
        shown={shown}
        showsUser
        isShown={isShown}
        whenEmpty={
          <NoEvents
            view={view}
            nowMs={session.now()}
            canSimulate={isDevelopment && seesAll(session)}
          />
        }
      />
    </main>
  );
}
