import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useNow } from '../data/use-now.ts';
import type { Session } from '../session/create-session.ts';
import type { EventList, ListState } from './create-event-list.ts';
import { MAX_KEPT } from './event-buffer.ts';
import { EventRow } from './event-row.tsx';
import { useNarrow } from './use-narrow.ts';
import { focusRow, useReading } from './use-reading.ts';
import { useSteadyClick } from './use-steady-click.ts';

const WIDE_ROW = 34;
const NARROW_ROW = 60;
/** Rows rendered beyond the visible ones, so that keyboard focus can move. */
const OVERSCAN = 6;
/** Number of remaining rows at which older events are loaded. */
const NEAR_END = 30;

interface EventTableProps {
  session: Session;
  list: EventList | undefined;
  shown: ListState;
  /** Whether the table is visible and not behind another view. */
  isShown: boolean;
  /** The id of the event in the drawer. */
  selectedId: string | undefined;
  /** The message that the page is about: its events are marked. */
  messageId?: string | undefined;
  /** Shown when the list is empty and nothing is loading. */
  whenEmpty: ReactNode;
}

const RESUME = 'New events are waiting. Resume to see them.';

/** The events, newest first; only visible rows are rendered. */
export function EventTable(props: EventTableProps) {
  const { session, list, shown, isShown, selectedId, messageId, whenEmpty } = props;
  const { events, pauseReasons, waiting, hasOlder, isLoadingOlder, state } = shown;
  const frame = useRef<HTMLDivElement>(null);
  const { place, isNarrow } = useNarrow();
  const nowMs = useNow(session);
  const rowPx = isNarrow ? NARROW_ROW : WIDE_ROW;
  const eventAt = (index: number) => events[events.length - 1 - index];
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => eventAt(index)?.id ?? index,
    overscan: OVERSCAN,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of rows has changed
  useEffect(() => rows.measure(), [rowPx]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last > events.length - NEAR_END) list?.loadOlder();
  }, [list, last, events.length]);
  const isHeld = pauseReasons.size > 0;
  const steadyClick = useSteadyClick();
  const reading = useReading({ frame, list, rowPx, isHeld, isShown });

  /** Arrow keys move between rows. */
  function onKeyDown(event: KeyboardEvent): void {
    const row = (event.target as Element).closest<HTMLElement>('[data-index]');
    const now = row ? Number(row.dataset.index) : -1;
    const page = Math.floor((frame.current?.clientHeight ?? 0) / rowPx);
    const steps: Record<string, number> = {
      ...{ ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: events.length - 1 },
      ...{ PageDown: now + page, PageUp: now - page },
    };
    const wanted = steps[event.key];
    if (wanted === undefined || events.length === 0) return;
    event.preventDefault();
    list?.hold('reading');
    const index = Math.min(Math.max(wanted, 0), events.length - 1);
    rows.scrollToIndex(index);
    focusRow(frame.current, index);
  }

  const isEmpty = events.length === 0;
  const isAll = state.status === 'live' && waiting === 0;
  return (
    <div ref={place} className={isNarrow ? 'table is-narrow' : 'table'} {...steadyClick}>
      {isEmpty && <div className="empty">{isAll ? whenEmpty : waiting > 0 && <p>{RESUME}</p>}</div>}
      {!isEmpty && (
        <div role="table" aria-label="Events" aria-rowcount={events.length + 1} className="grid">
          <Columns />
          <div
            ref={frame}
            className="frame"
            role="rowgroup"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable, so focusable
            tabIndex={0}
            aria-label="Events, newest first"
            onKeyDown={onKeyDown}
            {...reading}
          >
            <div role="presentation" className="rows" style={{ height: rows.getTotalSize() }}>
              {items.map(({ index, key, start, size }) => {
                const event = eventAt(index);
                if (!event) return null;
                const at = { transform: `translateY(${start}px)`, height: size };
                return (
                  <EventRow
                    key={key}
                    {...{ event, index, nowMs, place: at, messageId }}
                    isSelected={event.id === selectedId}
                  />
                );
              })}
            </div>
            <End {...{ hasOlder, isLoadingOlder }} isFull={events.length >= MAX_KEPT} />
          </div>
        </div>
      )}
    </div>
  );
}

/** The row of column headers. */
function Columns() {
  const names = { time: 'Time', age: 'Ago', type: 'Event', summary: 'Facts' };
  const ids = { user: 'User', installation: 'Installation' };
  return (
    <div role="rowgroup" className="columns-row">
      <div role="row" className="row head" aria-rowindex={1}>
        {Object.entries({ ...names, ...ids }).map(([key, name]) => (
          <span role="columnheader" key={key} className={key}>
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

interface EndProps {
  hasOlder: boolean;
  isLoadingOlder: boolean;
  isFull: boolean;
}

/** What comes after the last row. */
function End({ hasOlder, isLoadingOlder, isFull }: EndProps) {
  if (isLoadingOlder || (hasOlder && !isFull)) {
    return <p className="end muted">Loading older events …</p>;
  }
  return (
    <p className="end muted">
      {hasOlder
        ? `The page keeps the newest ${MAX_KEPT.toLocaleString()} events; the log has the older ones. Choose a span of time to see them.`
        : 'This is where it begins: the log has no older events that match.'}
    </p>
  );
}
