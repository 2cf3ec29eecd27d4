import type { ListView } from '../address/view.ts';
import { colourClass, eventTypes, labelOf } from '../stream/event-types.ts';
import { dayTime, minuteTime } from '../words/times.ts';
import type { StackedCounts } from './stack-counts.ts';

interface ColumnTipProps {
  stacked: StackedCounts;
  list: ListView;
  index: number;
  /** Place of the pointer in the chart, in pixels. */
  left: number;
}

/** The counts of the column under the pointer; the table has them for keyboards. */
export function ColumnTip({ stacked: { columns, range }, list, index, left }: ColumnTipProps) {
  const column = columns[index];
  if (!column) return null;
  const shown = eventTypes.filter(
    (type) =>
      (column.counts.get(type) ?? 0) > 0 && (list.types.length === 0 || list.types.includes(type)),
  );
  const isInRightHalf = index > columns.length / 2;
  const time = range.unit === 'hour' ? dayTime(column.begins) : minuteTime(column.begins);
  return (
    <div
      className="tip"
      aria-hidden="true"
      style={{
        left,
        transform: isInRightHalf ? 'translateX(calc(-100% - 12px))' : 'translateX(12px)',
      }}
    >
      <strong>
        {time}: {column.all.toLocaleString()} {column.all === 1 ? 'event' : 'events'}
      </strong>
      {shown.map((type) => (
        <span key={type} className={`swatch ${colourClass(type)}`}>
          <i className="mark" /> {labelOf(type)}{' '}
          <b>{(column.counts.get(type) ?? 0).toLocaleString()}</b>
        </span>
      ))}
    </div>
  );
}

/** The colours of the types that occur, with their counts. */
export function Legend({ stacked: { totals } }: { stacked: StackedCounts }) {
  return (
    <ul className="legend">
      {eventTypes.map((type) => (
        <li key={type} className={`swatch ${colourClass(type)}`}>
          <i className="mark" aria-hidden="true" /> {labelOf(type)}{' '}
          <b className="figure">{(totals.get(type) ?? 0).toLocaleString()}</b>
        </li>
      ))}
    </ul>
  );
}
