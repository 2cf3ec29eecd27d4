import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ListView } from '../address/view.ts';
import { labelOf } from '../stream/event-types.ts';
import type { CountsState } from './create-minute-counts.ts';
import type { DrawnChart } from './draw-chart.ts';
import type { StackedCounts } from './stack-counts.ts';

const HEIGHT = 132;

interface ChartProps {
  counts: CountsState;
  stacked: StackedCounts;
  list: ListView;
  onSpan: (from: string, until: string) => void;
}

/** Events per minute by type over the last hour; dragging over it filters the list by time. */
export function Chart({ counts, stacked, list, onSpan }: ChartProps) {
  const { from, until } = list;
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(onSpan);
  const [chart, setChart] = useState<DrawnChart>();
  const [fault, setFault] = useState<string>();
  const scheme = useColourScheme();
  latest.current = onSpan;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useEffect(() => {
    let drawn: DrawnChart | undefined;
    let isOver = false;
    // By itself, so that the list waits neither for it nor falls with it.
    import('./draw-chart.ts')
      .then(({ drawChart }) => {
        const element = place.current;
        if (isOver || !element) return;
        drawn = drawChart(element, {
          height: HEIGHT,
          onSpan: (low, high) => latest.current(...wholeMinutes(low, high)),
        });
        setChart(drawn);
      })
      .catch(() => setFault('The chart cannot be drawn in this browser.'));
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
        Events per minute, the last hour <span className="muted">{noteOf(counts, fault)}</span>
      </figcaption>
      <div
        ref={place}
        className="plot"
        role="img"
        aria-label={counts.isCounted ? inWords(stacked) : 'Events are being counted.'}
      />
    </figure>
  );
}

function noteOf({ state, isCounted }: CountsState, fault: string | undefined): string {
  if (fault !== undefined) return `· ${fault}`;
  if (state.status === 'failed') return `· cannot be counted: ${state.message}`;
  return !isCounted ? '· counting …' : '· drag over it to see a span';
}

function inWords({ totals, most }: StackedCounts): string {
  const counted = [...totals].filter(([, count]) => count > 0);
  const all = counted.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return 'No events in the last hour.';
  const parts = counted.map(([type, count]) => `${count} ${labelOf(type)}`);
  return `${all} ${all === 1 ? 'event' : 'events'} in the last hour, at most ${most} a minute: ${parts.join(', ')}.`;
}

/** As a span of whole minutes that holds both. */
function wholeMinutes(from: number, until: number): [string, string] {
  const low = Math.floor(from / 60) * 60_000;
  const high = Math.ceil(until / 60) * 60_000;
  return [new Date(low).toISOString(), new Date(Math.max(high, low + 60_000)).toISOString()];
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
