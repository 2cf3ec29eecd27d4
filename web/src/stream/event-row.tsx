import type { CSSProperties } from 'react';
import { formatView } from '../address/view.ts';
import type { StreamEvent } from '../documents.ts';
import { clockTime } from '../words/times.ts';
import { colourClass, labelOf } from './event-types.ts';
import { summaryOf } from './summary-of.ts';

interface EventRowProps {
  event: StreamEvent;
  index: number;
  total: number;
  place: CSSProperties;
  showsUser: boolean;
}

/** A row of the list: it links to the event, and the user id to the user. */
export function EventRow({ event, index, total, place, showsUser }: EventRowProps) {
  const { id, type, typeName, occurredOn, userId, installationId } = event;
  return (
    <li
      className={`row ${colourClass(type)}`}
      style={place}
      data-index={index}
      data-id={id}
      aria-posinset={index + 1}
      aria-setsize={total}
    >
      <time dateTime={occurredOn} title={occurredOn}>
        {clockTime(occurredOn)}
      </time>
      <a className="type" href={formatView({ page: 'event', id })}>
        <i aria-hidden="true" />
        {type === 'UNKNOWN' ? typeName : labelOf(type)}
      </a>
      <span className="summary">{summaryOf(event)}</span>
      {showsUser && (
        <span className="user">
          {userId !== null && userId !== undefined && (
            <a href={formatView({ page: 'user', id: userId })}>{userId}</a>
          )}
        </span>
      )}
      <span className="installation" title={installationId ?? undefined}>
        {installationId?.slice(0, 8)}
      </span>
    </li>
  );
}
