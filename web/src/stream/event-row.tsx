import type { CSSProperties } from 'react';
import { formatView } from '../address/view.ts';
import type { StreamEvent } from '../documents/list.ts';
import { IdLink } from '../words/id-link.tsx';
import { ago, exactTime } from '../words/times.ts';
import { colourClass, labelOf } from './event-types.ts';
import { isOf, summaryOf } from './summary-of.ts';

interface EventRowProps {
  event: StreamEvent;
  index: number;
  place: CSSProperties;
  nowMs: number;
  isSelected: boolean;
  /** The message that the page is about. */
  messageId: string | undefined;
}

/** A row of the table: it links to the event, and its ids to their pages. */
export function EventRow(props: EventRowProps) {
  const { event, index, place, nowMs, isSelected, messageId } = props;
  const { id, type, typeName, occurredOn, userId, installationId } = event;
  const isMalformed = 'faults' in event;
  return (
    <div
      role="row"
      className={`row ${colourClass(type)}${isMalformed ? ' is-malformed' : ''}`}
      style={place}
      data-index={index}
      data-id={id}
      aria-rowindex={index + 2}
      data-selected={isSelected || undefined}
      data-own={isOf(event, messageId) || undefined}
    >
      <span role="cell" className="time figure">
        <time dateTime={occurredOn} title={occurredOn}>
          {exactTime(occurredOn)}
        </time>
      </span>
      <span role="cell" className="age figure">
        {ago(occurredOn, nowMs)}
      </span>
      <span role="cell" className="type">
        <a href={formatView({ page: 'event', id })} aria-current={isSelected || undefined}>
          <i className="mark" aria-hidden="true" />
          {type === 'UNKNOWN' ? typeName : labelOf(type)}
        </a>
      </span>
      <span role="cell" className="summary">
        {summaryOf(event, messageId)}
      </span>
      <span role="cell" className="user">
        <IdLink page="user" id={userId} />
      </span>
      <span role="cell" className="installation">
        <IdLink page="installation" id={installationId} isShort />
      </span>
    </div>
  );
}
