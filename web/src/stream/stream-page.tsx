import { useMemo } from 'react';
import { navigateTo } from '../address/use-view.ts';
import type { ListView } from '../address/view.ts';
import { Chart } from '../chart/chart.tsx';
import { chartRanges } from '../chart/range.ts';
import { stackCounts } from '../chart/stack-counts.ts';
import { useCounts } from '../chart/use-counts.ts';
import { Filters } from '../filters/filters.tsx';
import type { Session } from '../session/create-session.ts';
import { ListStatus } from './list-status.tsx';
import { ListWithDrawer } from './list-with-drawer.tsx';
import { NoEvents } from './no-events.tsx';
import { subjectsOf, toFilter } from './to-filter.ts';
import { useEventList } from './use-event-list.ts';

interface StreamPageProps {
  session: Session;
  graphiql: string | undefined;
  list: ListView;
  /** Whether it is visible; it stays mounted behind other views. */
  isShown: boolean;
  /** The event in the drawer, if it is open here. */
  openId: string | undefined;
  /** Whether the server is a development server on this machine. */
  isDevelopment: boolean;
}

const seesAll = (session: Session) =>
  session.current().claims?.scopes.includes('events:read') ?? false;

/** The stream: live events, their counts, and the filters. */
export function StreamPage(props: StreamPageProps) {
  const { session, graphiql, list: view, isShown, openId, isDevelopment } = props;
  const { list, shown } = useEventList(session, toFilter(view));
  const counts = useCounts(session, subjectsOf(view), view.range);
  const stacked = useMemo(
    () => stackCounts(counts.buckets, view.types, session.now(), chartRanges[view.range]),
    // The map is mutated in place; `counts` changes with each update.
    [counts, view.types, view.range, session],
  );
  const show = (change: Partial<ListView>) =>
    navigateTo({ page: 'stream', list: { ...view, ...change } });
  const isOver = view.until !== undefined && Date.parse(view.until) <= session.now();
  return (
    <main className="stream">
      <h2 className="unseen" tabIndex={-1}>
        Live events
      </h2>
      <Chart counts={counts} stacked={stacked} list={view} show={show} />
      <div className="bar">
        {/* Elsewhere an open filter would stay over the other page. */}
        {isShown && (
          <Filters view={view} totals={counts.isCounted ? stacked : undefined} show={show} />
        )}
        <ListStatus list={list} shown={shown} endedOn={isOver ? view.until : undefined} />
      </div>
      <ListWithDrawer
        {...{ session, graphiql, list, shown, isShown, openId }}
        behind={{ page: 'stream', list: view }}
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
