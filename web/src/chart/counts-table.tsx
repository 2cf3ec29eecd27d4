import { formatView, type ListView } from '../address/view.ts';
import { eventTypes, labelOf } from '../stream/event-types.ts';
import { dayTime, minuteTime } from '../words/times.ts';
import type { StackedCounts } from './stack-counts.ts';

interface CountsTableProps {
  stacked: StackedCounts;
  list: ListView;
}

/** The chart's numbers as a table: for screen readers, and to choose a minute without dragging. */
export function CountsTable({ stacked: { columns, totals, range }, list }: CountsTableProps) {
  const types = eventTypes.filter(
    (type) => (totals.get(type) ?? 0) > 0 && (list.types.length === 0 || list.types.includes(type)),
  );
  const busy = columns.filter(({ all }) => all > 0).reverse();
  const timeOf = range.unit === 'hour' ? dayTime : minuteTime;
  const inRange = busy.reduce((sum, { all }) => sum + all, 0);
  return (
    <section
      className="counts"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable
      tabIndex={0}
      aria-label={`Events per ${range.unit} by type`}
    >
      <table>
        <caption className="unseen">
          Events per {range.unit} by type, the {range.name}, newest first, without those that had
          none
        </caption>
        <thead>
          <tr>
            <th scope="col">{range.unit === 'hour' ? 'Hour' : 'Minute'}</th>
            <th scope="col">all</th>
            {types.map((type) => (
              <th scope="col" key={type}>
                {labelOf(type)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="sum">
            <th scope="row">{range.name}</th>
            <td>{inRange.toLocaleString()}</td>
            {types.map((type) => (
              <td key={type}>{(totals.get(type) ?? 0).toLocaleString()}</td>
            ))}
          </tr>
          {busy.map(({ begins, counts, all }) => (
            <tr key={begins}>
              <th scope="row">
                <a href={addressOf(begins, range.bucketMs, list)}>{timeOf(begins)}</a>
              </th>
              <td>{all.toLocaleString()}</td>
              {types.map((type) => (
                <td key={type}>{(counts.get(type) ?? 0).toLocaleString()}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function addressOf(begins: number, bucketMs: number, list: ListView): string {
  const from = new Date(begins).toISOString();
  const until = new Date(begins + bucketMs).toISOString();
  return formatView({ page: 'stream', list: { ...list, from, until } });
}
