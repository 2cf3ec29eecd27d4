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
      <ul className="plain">
        {counts.map(({ type, count, lastOn }) => (
          <li key={type} className={`swatch ${colourClass(type)}`}>
            <i className="mark" aria-hidden="true" /> {labelOf(type)}:{' '}
            <strong>{count.toLocaleString()}</strong>
            <span className="muted">, last {clockTime(lastOn)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
