import { useState } from 'react';
import type { ListView } from '../address/view.ts';
import { browserStore } from '../data/browser-storage.ts';
import { labelOf } from '../stream/event-types.ts';
import { ChartBar, type Total } from './chart-bar.tsx';
import { Legend } from './column-tip.tsx';
import { CountsTable } from './counts-table.tsx';
import { Plot } from './plot.tsx';
import { countWithin, type StackedCounts } from './stack-counts.ts';
import type { Counted } from './use-counts.ts';

interface ChartProps {
  counts: Counted;
  stacked: StackedCounts;
  list: ListView;
  show: (change: Partial<ListView>) => void;
}

const KEPT = 'eventline:live-page:chart';
const PHONE = '(max-width: 640px)';

/** On a phone the events come first, unless the chart was opened there. */
function isOpenAtFirst(): boolean {
  const kept = browserStore.getItem(KEPT);
  return kept === null ? !matchMedia(PHONE).matches : kept === 'open';
}

/** Events per minute or hour by type; dragging filters the list by time. */
export function Chart({ counts, stacked, list, show }: ChartProps) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  function toggle(): void {
    browserStore.setItem(KEPT, isOpen ? 'closed' : 'open');
    setIsOpen(!isOpen);
  }
  const label = describeCounts(counts, stacked);
  return (
    <figure className="chart">
      <figcaption>
        <ChartBar
          {...{ counts, stacked, list, show, isOpen, toggle }}
          total={describeTotal(counts, stacked, list)}
        />
      </figcaption>
      {isOpen &&
        list.asTable &&
        (counts.isCounted ? (
          <CountsTable stacked={stacked} list={list} />
        ) : (
          <p className="counts muted">{label}</p>
        ))}
      {isOpen && !list.asTable && (
        <Plot
          {...{ stacked, list, label }}
          isCounted={counts.isCounted}
          onSpan={(first, last) => show(spanOf(stacked, first, last))}
        />
      )}
      {isOpen && (counts.isCounted ? <Legend stacked={stacked} /> : <div className="legend" />)}
    </figure>
  );
}

/** Returns how many events are drawn: of the span of the time filter where the chart has all of it. */
function describeTotal({ isCounted }: Counted, stacked: StackedCounts, list: ListView): Total {
  const { range, drawn, totals } = stacked;
  const inRange = `in the ${range.name}`;
  if (!isCounted) return { count: 'Events', of: inRange };
  const { from, until } = list;
  const within = from === undefined ? undefined : countWithin(stacked, { from, until });
  if (within !== undefined) return { count: countOf(within), of: 'in the chosen time' };
  const all = [...totals.values()].reduce((sum, count) => sum + count, 0);
  if (all === drawn) return { count: countOf(drawn), of: inRange };
  return { count: countOf(drawn), of: `${inRange}, of ${all.toLocaleString()}` };
}

function countOf(events: number): string {
  return `${events.toLocaleString()} ${events === 1 ? 'event' : 'events'}`;
}

function describeCounts({ state, isCounted }: Counted, stacked: StackedCounts): string {
  if (!isCounted) {
    return state.status === 'failed' ? 'Events cannot be counted.' : 'Events are being counted.';
  }
  const { totals, most, range, drawn, shown } = stacked;
  if (drawn === 0) return `No events in the ${range.name}.`;
  const parts = [...totals]
    .filter(([type, count]) => count > 0 && shown(type))
    .map(([type, count]) => `${count} ${labelOf(type)}`);
  const unit = range.unit === 'hour' ? 'an hour' : 'a minute';
  return `${drawn} ${drawn === 1 ? 'event' : 'events'} in the ${range.name}, at most ${most} ${unit}: ${parts.join(', ')}.`;
}

/** Returns the time of whole columns. */
function spanOf(
  { columns, range }: StackedCounts,
  first: number,
  last: number,
): Pick<ListView, 'from' | 'until'> {
  const [from, until] = [columns[first]?.begins ?? 0, columns[last]?.begins ?? 0];
  return {
    from: new Date(from).toISOString(),
    until: new Date(until + range.bucketMs).toISOString(),
  };
}
