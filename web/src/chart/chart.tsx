import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ListView } from '../address/view.ts';
import { labelOf } from '../stream/event-types.ts';
import { CountsTable } from './counts-table.tsx';
import type { CountsState } from './create-minute-counts.ts';
import type { DrawnChart } from './draw-chart.ts';
import type { StackedCounts } from './stack-counts.ts';

const HEIGHT = 132;

interface ChartProps {
  counts: CountsState;
  stacked: StackedCounts;
  list: ListView;
  show: (change: Partial<ListView>) => void;
}

/** Events per minute by type over the last hour; dragging filters the list by time. */
export function Chart({ counts, stacked, list, show }: ChartProps) {
  const { from, until, asTable } = list;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(show);
  const [chart, setChart] = useState<DrawnChart>();
  const [fault, setFault] = useState<string>();
  const scheme = useColourScheme();
  latest.current = show;

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours depend on the scheme
  useEffect(() => {
    let drawn: DrawnChart | undefined;
    let isOver = false;
    // Loaded separately, so that the list does not depend on it.
    import('./draw-chart.ts')
      .then(({ drawChart }) => {
        const element = place.current;
        if (isOver || !element) return;
        drawn = drawChart(element, {
          height: HEIGHT,
          onSpan: (low, high) => latest.current(wholeMinutes(low, high)),
        });
        setChart(drawn);
      })
      .catch(() => setFault('It cannot be drawn. Reload the page, or see the numbers as a table.'));
    return () => {
      isOver = true;
      drawn?.close();
    };
  }, [scheme]);

  useEffect(() => chart?.draw(stacked), [chart, stacked]);
  useEffect(() => {
    chart?.mark(from && until ? [toSeconds(from), toSeconds(until)] : undefined);
  }, [chart, from, until]);

  return (
    <figure className="chart">
      <figcaption>
        <span>
          Events per minute, the last hour <Note counts={counts} fault={fault} list={list} />
        </span>
        <button type="button" className="quiet" onClick={() => show({ asTable: !asTable })}>
          {asTable ? 'As a chart' : 'As a table'}
        </button>
      </figcaption>
      {asTable && <CountsTable stacked={stacked} list={list} />}
      <div
        ref={place}
        className="plot"
        hidden={asTable}
        role="img"
        aria-label={describeCounts(counts, stacked)}
      />
    </figure>
  );
}

interface NoteProps {
  counts: CountsState;
  fault: string | undefined;
  list: ListView;
}

function Note({ counts: { state, isCounted }, fault, list: { asTable } }: NoteProps) {
  if (fault !== undefined) return <span className="muted">· {fault}</span>;
  if (state.status === 'failed') {
    return <span className="muted">· cannot be counted: {state.message}</span>;
  }
  if (!isCounted) return <span className="muted hint">· counting …</span>;
  if (asTable) return <span className="muted hint">· a minute leads to its events</span>;
  return <span className="muted hint">· drag over it to see a span</span>;
}

function describeCounts(
  { state, isCounted }: CountsState,
  { totals, most }: StackedCounts,
): string {
  if (!isCounted) {
    return state.status === 'failed' ? 'Events cannot be counted.' : 'Events are being counted.';
  }
  const counted = [...totals].filter(([, count]) => count > 0);
  const all = counted.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return 'No events in the last hour.';
  const parts = counted.map(([type, count]) => `${count} ${labelOf(type)}`);
  return `${all} ${all === 1 ? 'event' : 'events'} in the last hour, at most ${most} a minute: ${parts.join(', ')}.`;
}

/** Returns the range of whole minutes that contains both instants. */
function wholeMinutes(from: number, until: number): Pick<ListView, 'from' | 'until'> {
  const low = Math.floor(from / 60) * 60_000;
  const high = Math.ceil(until / 60) * 60_000;
  const end = Math.max(high, low + 60_000);
  return { from: new Date(low).toISOString(), until: new Date(end).toISOString() };
}

const toSeconds = (instant: string) => Date.parse(instant) / 1_000;

const DARK = '(prefers-color-scheme: dark)';

function useColourScheme(): boolean {
  return useSyncExternalStore(watchScheme, () => matchMedia(DARK).matches);
}

function watchScheme(listener: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
