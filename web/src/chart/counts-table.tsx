import { formatView, type ListView } from '../address/view.ts';
import { eventTypes, labelOf } from '../stream/event-types.ts';
import { minuteTime } from '../words/times.ts';
import { MINUTE_MS } from './create-minute-counts.ts';
import type { StackedCounts } from './stack-counts.ts';

interface CountsTableProps {
  stacked: StackedCounts;
  list: ListView;
}

/** The chart's numbers as a table: for screen readers, and to choose a minute without dragging. */
export function CountsTable({ stacked: { busy, totals }, list }: CountsTableProps) {
  const types = eventTypes.filter(
    (type) => (totals.get(type) ?? 0) > 0 && (list.types.length === 0 || list.types.includes(type)),
  );
  const inHour = busy.reduce((sum, { all }) => sum + all, 0);
  return (
    <section
      className="counts"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable
      tabIndex={0}
      aria-label="Events per minute by type"
    >
      <table>
        <caption className="unseen">
          Events per minute by type, the last hour, newest first, without the minutes that had none
        </caption>
        <thead>
          <tr>
            <th scope="col">Minute</th>
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
            <th scope="row">the hour</th>
            <td>{inHour.toLocaleString()}</td>
            {types.map((type) => (
              <td key={type}>{(totals.get(type) ?? 0).toLocaleString()}</td>
            ))}
          </tr>
          {busy.map(({ begins, counts, all }) => (
            <tr key={begins}>
              <th scope="row">
                <a href={addressOf(begins, list)}>{minuteTime(begins)}</a>
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

function addressOf(begins: number, list: ListView): string {
  const from = new Date(begins).toISOString();
  const until = new Date(begins + MINUTE_MS).toISOString();
  return formatView({ page: 'stream', list: { ...list, from, until } });
}
