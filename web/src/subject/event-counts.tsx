import type { EventType } from '../generated/graphql.ts';
import { colourClass, labelOf } from '../stream/event-types.ts';
import { clockTime } from '../words/times.ts';

interface EventCountsProps {
  counts: readonly { type: EventType; count: number; lastOn: string }[];
}

/** How many events of each type there are. */
export function EventCounts({ counts }: EventCountsProps) {
  return (
    <section>
      <h3>Events by type</h3>
      <ul className="plain event-counts">
        {counts.map(({ type, count, lastOn }) => (
          <li key={type} className={`swatch ${colourClass(type)}`}>
            <span>
              <i className="mark" aria-hidden="true" /> {labelOf(type)}
            </span>
            <strong className="figure">{count.toLocaleString()}</strong>
            <span className="muted figure">last {clockTime(lastOn)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
